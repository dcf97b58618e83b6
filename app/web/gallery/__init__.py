"""The living page that shows every component of the interface in all its states."""
