"""The pages: what people see, made from our own fixed queries."""
