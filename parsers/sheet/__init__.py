"""Orders in tables: CSV, fixed width, XLSX, XLS and ODS."""
