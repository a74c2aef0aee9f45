-- How Chinese characters sound.
SELECT sound.character, sound.syllable FROM json_each(?) AS asked JOIN sound ON sound.character = asked.value
