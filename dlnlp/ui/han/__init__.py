"""The page of the Hierarchical Attention Network."""
