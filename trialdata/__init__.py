"""Study files become one validated `Study`. The only code that reads or writes study files."""
