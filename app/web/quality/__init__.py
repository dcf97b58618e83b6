"""Pages of data quality and of the reconciliation with SIASN."""
