"""Tables in a shape of their own (SDTM, REDCap) become tables with one row per measurement or participant."""
