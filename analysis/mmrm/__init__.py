"""Mixed model for repeated measures with unstructured covariance, and the constrained longitudinal analysis."""
