"""The alerter: looks every minute at what rules watch, and says what is to be said of it (ADR 73)."""
