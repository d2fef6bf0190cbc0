"""Who went where, how completely everybody was followed, and who left."""
