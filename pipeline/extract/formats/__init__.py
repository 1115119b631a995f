"""One module a format, found and not registered: `recognise` and `read`."""
