"""Second factors and passkeys: set up, asked for, checked (ADR 53).

challenges   what somebody is asked to prove: short-lived, in Redis, answered once
apps         authenticator apps (TOTP)
recovery     codes for who has lost the rest
passkeys     WebAuthn
stepping     between the password and the session
confirming   showing once more who one is, before one changes how one signs in
holding      sessions that may do nothing but set a second factor up
"""
