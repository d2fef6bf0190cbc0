"""The numbered outputs of safety, of exposure and of who was followed."""
