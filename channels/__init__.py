"""One file a channel: it turns what a platform sends into a Turn and a Reply into what the platform shows."""
