"""Mail: an outbox written with the work it tells of, and a sender that empties it."""
