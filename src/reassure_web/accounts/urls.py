"""Addresses of one's own account, of people, of signing in, and of the audit (which asks for a fresh sign-in).

The names of allauth's views are its own, since it looks them up; only what this product offers has an address.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as force
from allauth.usersessions import views as usersessions
from django.urls import include, path, re_path

from reassure_web.accounts import views
from reassure_web.accounts.sessions import fresh_sign_in
from reassure_web.audit import views as audit

OWN = [
    path("account/", views.account, name="account"),
    path("account/grant/", views.choose_grant, name="grant"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/grants/", views.give_grant, name="give-grant"),
    path("people/<int:person_id>/sessions/", views.end_sessions, name="end-sessions"),
    path("people/<int:person_id>/factors/", views.take_factors, name="take-factors"),
    path("people/<int:person_id>/disable/", views.disable, name="disable"),
    path("people/grants/<int:grant_id>/confirm/", views.confirm_grant, name="confirm-grant"),
    path("people/grants/<int:grant_id>/end/", views.end_grant, name="end-grant"),
]
SIGN_IN = [
    path("", account.login, name="account_login"),
    path("factor/", mfa.authenticate, name="mfa_authenticate"),
    path("passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("code/", account.request_login_code, name="account_request_login_code"),
    path("code/enter/", account.confirm_login_code, name="account_confirm_login_code"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/", account.password_reset, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/set/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/is-set/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("invitation/", account.signup, name="account_signup"),
    path("force/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("force/error/", social.login_error, name="socialaccount_login_error"),
    path("force/invitation/", social.signup, name="socialaccount_signup"),
    path("force/<provider_id>/", force.login, name="openid_connect_login"),
    path("force/<provider_id>/answer/", force.callback, name="openid_connect_callback"),
]
ACCOUNT = [
    path("password/", account.password_change, name="account_change_password"),
    path("password/new/", account.password_set, name="account_set_password"),
    path("factors/", views.factors, name="mfa_index"),
    path("codes/", totp.activate_totp, name="mfa_activate_totp"),
    path("codes/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("force/", social.connections, name="socialaccount_connections"),
]
AUDIT = [
    path("pause/", audit.pause, name="pause"),
    path("audit/", fresh_sign_in(audit.entries), name="entries"),
    path("audit/export/", fresh_sign_in(audit.export), name="export"),
    path("audit/verify/", fresh_sign_in(audit.verify), name="verify"),
]
urlpatterns = [
    path("", include((AUDIT, "audit"))),
    path("", include((OWN, "accounts"))),
    path("sign-in/", include(SIGN_IN)),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/", include(ACCOUNT)),
]
