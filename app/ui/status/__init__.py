"""The STATUS page: lights per connection, and what stands behind each."""
