"""The module `testing`: a service in memory."""
