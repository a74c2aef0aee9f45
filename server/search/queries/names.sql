-- What some things are called, preferred names first.
SELECT name.entry, name.key, name.text, name.language, name.role
FROM json_each(?) AS asked JOIN name ON name.entry = asked.value
ORDER BY name.entry, name.place
