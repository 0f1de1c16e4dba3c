# What we use of Authlib 1.9, which ships no types; only academy/accounts/oidc_gateway.py touches it.
