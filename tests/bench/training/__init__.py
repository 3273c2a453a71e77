"""What training costs: the whole field on sixty scopes, stock and flow on ten thousand."""
