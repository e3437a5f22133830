"""SES: mail with attachments."""
