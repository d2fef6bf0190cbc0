"""How fast the product is, as ratios to something simple measured in the same minute on the same machine."""
