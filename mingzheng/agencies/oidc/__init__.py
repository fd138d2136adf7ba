"""统一身份认证: an agency's own directory signs people in by OpenID Connect, beside the password."""
