-- What is called exactly so.
SELECT entry FROM name INDEXED BY name_key
WHERE key = ? AND entry BETWEEN ? AND ? ORDER BY entry LIMIT ?
