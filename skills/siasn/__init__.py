"""The staff file of SIASN and simpler ones: columns, mapping, cells and rows. No database here."""
