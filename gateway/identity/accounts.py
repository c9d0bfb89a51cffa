"""Administration of people: letting them in, their roles, and shutting the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis import clock
from contracts.access import Principal, Role
from contracts.language import NotFound
from gateway.identity import conduct, domain, passwords
from gateway.identity.ground import Books, cursor_id, person_of
from gateway.identity.language import (
    AdministrationPage,
    AdministrationSearch,
    AdministrationVerdict,
    CodeOfConduct,
    ConductAcceptance,
    ConductLanguage,
    CreatedUser,
    Membership,
    MembershipReference,
    NewMembership,
    NewPassword,
    NewUser,
    NewValidity,
    Session,
    TokenPage,
    User,
    UserPage,
    UserSearch,
)
from gateway.identity.links import LinkMaking

_ADMINISTRATOR = "administrator"


class Accounts(LinkMaking):
    """The room of the administrators of people; ``by`` is who acts."""

    def user(self, user_id: UUID) -> User:
        """Return one user.

        Raises:
            NotFound: there is none with this id.

        """
        return self._transact(lambda books: books.existing(user_id))

    def names(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what colleagues are called, by id; whom nobody knows is left out."""
        return self._transact(lambda books: books.users.names(user_ids)) if user_ids else {}

    def colleagues(self, agency_id: UUID) -> dict[UUID, str]:
        """Return what the staff of an agency are called, by id, in the order of their names."""
        return self._transact(lambda books: books.users.staff_of(agency_id, now=books.now))

    def users(self, search: UserSearch) -> UserPage:
        """Return a page of users; the cursor is the id of the last one shown."""
        before = cursor_id(search.cursor)
        found = self._transact(
            lambda books: books.users.users(
                search, before=before, limit=search.limit + 1, now=books.now
            )
        )
        shown = found[: search.limit]
        more = len(found) > search.limit
        return UserPage(items=shown, next_cursor=str(shown[-1].user_id) if more else None)

    def create_user(
        self, new: NewUser, *, key: str | None = None, by: UUID = domain.MACHINE
    ) -> CreatedUser:
        """Let a user in; repeated with its key, the same user is shown, and nothing secret.

        Raises:
            EmailTaken: another user has the address.
            RoleNotForStaff: a role is one of clients.
            PasswordTooShort, PasswordTooLong, PasswordIsTheName: the password given is bad.

        """
        domain.check_staff_roles(new.roles)
        made = None if new.password or new.invite else domain.make_password()
        given = None if new.invite else new.password or made
        password = given and domain.check_password(given, new.email, new.name)
        hashed = passwords.hash_password(password) if password else None
        user = User(
            user_id=clock.new_id(),
            email=domain.account_name(new.email),
            name=new.name,
            memberships=(Membership(agency_id=new.agency_id, roles=new.roles),),
            created_at=self.now(),
            valid_until=new.valid_until,
            has_password=hashed is not None,
        )

        def enter(books: Books) -> tuple[User | None, str | None]:
            if not books.users.add_user(user, password_hash=hashed, creation_key=key):
                earlier = books.users.user_made_with(key) if key else None
                same = earlier is not None and earlier.email == user.email
                return (earlier if same else None), None
            books.note(by, "user-created", user.user_id, **_roles(user.memberships[0]))
            token = self._new_link(books, user.user_id, "invitation") if new.invite else None
            return user, token

        entered, token = self._transact(enter)
        if entered is None:
            sentence = "Another user has this address; use another one, or change that user."
            raise domain.EmailTaken(sentence, fields={"email": [sentence]})
        return CreatedUser(
            user=entered,
            password=made if entered is user else None,
            link=self._sent(entered, token, "invitation") if token else None,
        )

    def set_membership(self, new: NewMembership, *, by: UUID = domain.MACHINE) -> User:
        """Give a user roles in an agency; tokens for that agency carry them from now on.

        Raises:
            NotFound: there is no such user.
            RoleNotForStaff: a role is one of clients.
            VersionMismatch: somebody was faster, or the place that is to be new is not.
            OwnAccountProtected: administrators would take this role from themselves.

        """
        domain.check_staff_roles(new.roles)
        membership = Membership(agency_id=new.agency_id, roles=new.roles)

        def change(books: Books) -> User:
            before = books.existing(new.user_id, locked=True)
            held = new.agency_id in {each.agency_id for each in before.memberships}
            domain.demand_version(new.version, before.version if held or new.version else 0)
            if by == new.user_id and _gives_up(before, new):
                raise domain.OwnAccountProtected("Ask another administrator to take this role.")
            if membership not in before.memberships:
                books.users.set_membership(new.user_id, membership)
                books.users.raise_version(new.user_id)
                books.note(by, "roles-set", new.user_id, **_roles(membership))
            return books.existing(new.user_id)

        return self._transact(change)

    def end_membership(self, by: UUID, reference: MembershipReference) -> None:
        """Take a user out of an agency; tokens for that agency are gone.

        Raises:
            NotFound: there is no such user, or not in this agency.
            VersionMismatch: somebody was faster.
            OwnAccountProtected: it is the caller's own account.

        """
        if reference.user_id == by:
            raise domain.OwnAccountProtected("Ask another administrator to take you out.")

        def end(books: Books) -> None:
            books.as_seen(reference.user_id, reference.version)
            if not books.users.end_membership(reference.user_id, reference.agency_id):
                raise NotFound("The user does not belong to this agency.")
            agency_id = str(reference.agency_id)
            books.users.raise_version(reference.user_id)
            books.note(by, "membership-ended", reference.user_id, agency_id=agency_id)

        self._transact(end)

    def reset_password(self, new: NewPassword, *, by: UUID = domain.MACHINE) -> CreatedUser:
        """Replace a password and end every token of the user."""
        before = self.user(new.user_id)
        password = domain.check_password(
            new.password or domain.make_password(), before.email, before.name
        )
        hashed = passwords.hash_password(password)

        def change(books: Books) -> User:
            user = books.existing(new.user_id)
            books.users.set_password(user.user_id, hashed)
            books.links.void(user.user_id, books.now)
            books.tokens.end(user.user_id, books.now)
            books.users.clear_failures(domain.account_key(user.email))
            books.note(by, "password-reset", user.user_id)
            return books.existing(new.user_id)

        user = self._transact(change)
        return CreatedUser(user=user, password=None if new.password else password)

    def set_validity(self, new: NewValidity, *, by: UUID = domain.MACHINE) -> User:
        """Make an account temporary, or lasting again.

        Raises:
            NotFound: there is no such user.
            VersionMismatch: somebody was faster.
            OwnAccountProtected: administrators would end their own account.

        """
        if new.user_id == by and new.valid_until is not None:
            raise domain.OwnAccountProtected("Ask another administrator to end your account.")

        def change(books: Books) -> User:
            books.as_seen(new.user_id, new.version)
            books.users.update_user(new.user_id, valid_until=new.valid_until)
            books.users.raise_version(new.user_id)
            books.note(by, "validity-set", new.user_id, valid_until=new.valid_until)
            return books.existing(new.user_id)

        return self._transact(change)

    def disable_user(self, caller: Principal, user_id: UUID, *, version: int | None = None) -> User:
        """Shut the door for a user: every token ends and no sign-in succeeds.

        Raises:
            VersionMismatch: somebody was faster.
            OwnAccountProtected: it is the caller's own account.

        """
        if user_id == caller.user_id:
            raise domain.OwnAccountProtected("Ask another administrator to disable your account.")

        def change(books: Books) -> User:
            if books.as_seen(user_id, version).disabled_at is None:
                _shut(books, user_id, reason=_ADMINISTRATOR, by=caller.user_id)
            return books.existing(user_id)

        return self._transact(change)

    def enable_user(
        self, user_id: UUID, *, version: int | None = None, by: UUID = domain.MACHINE
    ) -> User:
        """Open the door again for a disabled user, who so is not dormant for a while.

        Raises:
            VersionMismatch: somebody was faster.

        """

        def change(books: Books) -> User:
            if books.as_seen(user_id, version).disabled_at is not None:
                books.users.update_user(
                    user_id, disabled_at=None, disabled_for=None, enabled_at=books.now
                )
                books.users.raise_version(user_id)
                books.note(by, "user-enabled", user_id)
            return books.existing(user_id)

        return self._transact(change)

    def tokens_of(self, user_id: UUID) -> TokenPage:
        """Return the live tokens of any user."""

        def show(books: Books) -> TokenPage:
            books.existing(user_id)
            return TokenPage(
                items=books.tokens.of_user(
                    user_id, current=None, now=books.now, idle=self.policy.session_idle
                )
            )

        return self._transact(show)

    def end_tokens_of(self, by: UUID, user_id: UUID) -> None:
        """End every token of a user, such as when a computer was stolen."""

        def end(books: Books) -> None:
            books.existing(user_id)
            ended = books.tokens.end(user_id, books.now)
            books.note(by, "tokens-ended", user_id, number=ended)

        self._transact(end)

    def shut_what_is_over(self) -> int:
        """Shut accounts that nobody used for long or whose time is over; return their number.

        One administrator always remains, however long nobody came.
        """

        def shut(books: Books) -> int:
            due = books.users.to_be_shut(
                now=books.now, idle_since=books.now - self.policy.dormant_after
            )
            left = books.users.open_administrators()
            if left and not left - due.keys():
                due.pop(max(left & due.keys()))
            for user_id, reason in due.items():
                _shut(books, user_id, reason=reason, by=domain.MACHINE)
            return len(due)

        return self._transact(shut)

    def conduct(self, caller: Session, asked: ConductLanguage) -> CodeOfConduct:
        """Return the code of conduct in force, and whether the caller accepted it."""
        version = self._conduct(self.now())
        return CodeOfConduct(
            version=version,
            language=asked.language,
            text=conduct.text_of(version, asked.language),
            accepted=domain.Pending.CODE_OF_CONDUCT not in caller.pending,
        )

    def accept_conduct(self, caller: Session, acceptance: ConductAcceptance) -> None:
        """Enter that the caller accepts the code of conduct.

        Raises:
            CodeOfConductOutdated: another version is in force.

        """
        user_id = person_of(caller)
        if acceptance.version != self._conduct(self.now()):
            sentence = "Read the version in force with GET /code-of-conduct and accept that one."
            raise domain.CodeOfConductOutdated(sentence, fields={"version": [sentence]})

        def accept(books: Books) -> None:
            if books.users.accept_conduct(user_id, acceptance.version, books.now):
                books.note(user_id, "conduct-accepted", user_id, version=acceptance.version)

        self._transact(accept)

    def administration(self, search: AdministrationSearch) -> AdministrationPage:
        """Return a page of the administration log; the cursor is the last number shown."""
        before = None if search.cursor is None else int(search.cursor)
        found = self._transact(
            lambda books: books.log.entries(
                before=before, target_id=search.target_id, limit=search.limit + 1
            )
        )
        shown = found[: search.limit]
        more = len(found) > search.limit
        return AdministrationPage(items=shown, next_cursor=str(shown[-1].number) if more else None)

    def note(self, by: UUID, action: str, target_id: UUID, **details: Any) -> None:
        """Write into the administration log what somebody did outside identity."""
        self._transact(lambda books: books.note(by, action, target_id, **details))

    def administration_verdict(self) -> AdministrationVerdict:
        """Tell whether the administration log is whole."""
        return self._transact(lambda books: books.log.verdict())

    def external_identities(self, user_id: UUID) -> dict[str, str]:
        """Return the subjects that a user is, by provider."""
        return self._transact(lambda books: books.external.of_user(user_id))

    def tie(self, by: UUID, provider: str, subject: str, user_id: UUID) -> None:
        """Tie a subject that the administrator verified at a provider to a user.

        Raises:
            NotFound: there is no such user or provider.
            ExternalIdentityTaken: subject or user are tied to another already.

        """
        self._require_provider(provider)

        def tie(books: Books) -> None:
            books.existing(user_id)
            tie_or_refuse(books, provider, subject, user_id)
            books.note(by, "external-identity-tied", user_id, provider=provider)

        self._transact(tie)

    def untie(self, by: UUID, provider: str, user_id: UUID) -> None:
        """Let a user come in by a provider no longer; their tokens end.

        Raises:
            NotFound: the user did not.

        """

        def untie(books: Books) -> None:
            if not books.external.untie(provider, user_id):
                raise NotFound("The user has no account at this provider.")
            books.tokens.end(user_id, books.now)
            books.note(by, "external-identity-untied", user_id, provider=provider)

        self._transact(untie)

    def _require_provider(self, name: str) -> None:
        if name not in self.providers:
            raise NotFound("There is no such provider.")


def tie_or_refuse(books: Books, provider: str, subject: str, user_id: UUID) -> None:
    """Tie a subject to a user, if neither is tied to another.

    Raises:
        ExternalIdentityTaken: one of them is.

    """
    if not books.external.tie(provider, subject, user_id, books.now):
        raise domain.ExternalIdentityTaken(
            "The account there or the user here is tied to another one; untie that first."
        )


def _shut(books: Books, user_id: UUID, *, reason: str, by: UUID) -> None:
    at: datetime = books.now
    books.users.update_user(user_id, disabled_at=at, disabled_for=reason)
    books.users.raise_version(user_id)
    books.tokens.end(user_id, at)
    books.links.void(user_id, at)
    books.note(by, "user-disabled", user_id, reason=reason)


def _gives_up(user: User, new: NewMembership) -> bool:
    """Tell whether an administrator would be one in this agency no longer."""
    held = (each.roles for each in user.memberships if each.agency_id == new.agency_id)
    was = any(Role.ADMINISTRATOR in roles for roles in held)
    return was and Role.ADMINISTRATOR not in new.roles


def _roles(membership: Membership) -> dict[str, object]:
    return {
        "agency_id": str(membership.agency_id),
        "roles": [role.value for role in membership.roles],
    }
