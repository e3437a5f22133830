"""File server: files on servers that are reached by SFTP or FTP."""
