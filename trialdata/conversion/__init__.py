"""The cells of mapped tables become the plain texts of the datasets; every change is a row of the load report."""
