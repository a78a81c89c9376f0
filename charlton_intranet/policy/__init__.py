"""Policy documents, categories of content and signed acknowledgements."""
