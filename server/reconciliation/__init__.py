"""Reconciliation: which thing of ours a name in a table means (Reconciliation API 0.2 and 1.0-draft)."""
