"""Staff import: upload, columns, dry run, write, undo, follow-up."""
