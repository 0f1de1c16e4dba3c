"""Who is who, and who may act for whom.

A *person* signs in with a password or an e-mailed link. An *organisation* is a provider, employer, school, fund or the programme office; a
*membership* lets a person act for it in a *role*. A *sign-in* is one session on one device. An *actor* is the person behind a request.
"""
