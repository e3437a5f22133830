"""Excel: rows of tables and worksheets in workbooks on OneDrive and SharePoint."""
