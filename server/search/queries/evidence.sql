-- The source of each of some sentences, and the facts that it states.
SELECT sentence.iri, source.iri, (
  SELECT json_group_array(fact.iri) FROM (
    SELECT entry.iri FROM said JOIN entry ON entry.number = said.fact
    WHERE said.quote = sentence.number ORDER BY entry.number
  ) AS fact
)
FROM json_each(?) AS asked
JOIN entry AS sentence ON sentence.number = asked.value
JOIN quoted ON quoted.quote = sentence.number
JOIN entry AS source ON source.number = quoted.source
