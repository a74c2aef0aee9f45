-- The kinds of things in the index, in its order.
SELECT name, first, last, is_named FROM kind ORDER BY first
