"""Database: Postgres, with bound parameters only."""
