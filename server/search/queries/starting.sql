-- What has a name that begins so. Left alone, the planner would go through all names in the order of entries.
SELECT DISTINCT entry FROM name INDEXED BY name_key
WHERE key > ? AND key < ? AND entry BETWEEN ? AND ? ORDER BY entry LIMIT ?
