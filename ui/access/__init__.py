"""Who may use a library over the network: users with passwords, roles, and tokens.

In: a library's folder. Out: the `User` behind a name and password or behind a token, or a refusal.
The page's login, the HTTP API and MCP all ask here; only the command line changes anything.
"""

from ui.access.accounts import Accounts, LoginError, Role, Token, User
from ui.access.rate import Rate

__all__ = ["Accounts", "LoginError", "Rate", "Role", "Token", "User"]
