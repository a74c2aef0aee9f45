"""The face: a published snapshot as pages, linked data and a SPARQL endpoint; it changes nothing."""
