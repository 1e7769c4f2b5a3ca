//! Sealing what was typed and what opens doors, column by column; all of it is done here.
//!
//! Each visitor, invitation and note has a random key of its own, which lies in the file wrapped with the key of the PC
//! ([`VaultKey`]), which does not. Where the wrapped key is destroyed, what it sealed is noise, wherever a copy of it
//! remained. A sealed text is bound to its place, so that it serves in no other row. What must be found by equality has
//! a column with a keyed hash beside it; what is found otherwise is opened first, in a window that is bounded.
//!
//! Without a key of the PC everything lies open, as in the files of before. Once a file is sealed, whoever has no key
//! to it reads and adds nothing: [`StoreError::Sealed`].

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::Hmac;
use rusqlite::{Connection, params};
use sha2::Sha256;
use vestibule_domain::IdentityId;
use vestibule_domain::visitor::phone_key;
use zeroize::Zeroizing;

use crate::chain::{hex, prepare, sum};
use crate::{Change, StoreError};

const NAME: usize = 4;
const NONCE: usize = 24;
/// A wrapped key: the name of the PC's key, a nonce, the key and its tag.
const WRAPPED: usize = NAME + NONCE + 32 + 16;
/// So much of a keyed hash is looked up by.
const INDEX: usize = 16;
/// The first byte of a text that has a key of its own.
const SEALED: u8 = b's';
const PLAIN: u8 = b'p';

/// A key of the PC.
#[derive(Clone)]
pub struct VaultKey {
    name: [u8; NAME],
    wrap: XChaCha20Poly1305,
    look_up: Hmac<Sha256>,
}

impl std::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VaultKey(redacted)")
    }
}

impl VaultKey {
    /// The key that follows from a secret, which cannot be found from it.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let of = |what: &[u8]| Zeroizing::new(sum(&prepare(secret), &[b"vestibule vault", what]));
        let mut name = [0; NAME];
        name.copy_from_slice(&of(b"name")[..NAME]);
        Self { name, wrap: XChaCha20Poly1305::new(&(*of(b"wrap")).into()), look_up: prepare(&of(b"look up")) }
    }

    /// Whom the service knows whoever has this phone number as: the same at every desk that has this key, and nobody else
    /// can find it out.
    #[must_use]
    pub fn person(&self, phone: &str) -> IdentityId {
        IdentityId(hex(&self.index("person", &phone_key(phone))))
    }

    fn index(&self, what: &str, text: &str) -> Vec<u8> {
        sum(&self.look_up, &[what.as_bytes(), text.as_bytes()])[..INDEX].to_vec()
    }
}

/// The keys at work: the first seals, all open.
#[derive(Clone, Copy)]
pub(crate) struct Vault<'a> {
    keys: &'a [VaultKey],
}

/// What seals the texts of one visitor; none where they lie open.
pub(crate) struct DataKey(Option<XChaCha20Poly1305>);

impl<'a> Vault<'a> {
    pub(crate) fn of(keys: &'a [VaultKey]) -> Self {
        Self { keys }
    }

    pub(crate) fn has_key(self) -> bool {
        !self.keys.is_empty()
    }

    /// A new key for the one who has this id, and how it lies in the file.
    pub(crate) fn new_key(self, owner: &str) -> Result<(DataKey, Option<Vec<u8>>), StoreError> {
        if self.keys.is_empty() {
            return Ok((DataKey(None), None));
        }
        let key = Zeroizing::new(random::<32>()?);
        Ok((DataKey(Some(XChaCha20Poly1305::new(&(*key).into()))), Some(self.wrap(owner, &key)?)))
    }

    fn wrap(self, owner: &str, key: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        let first = self.keys.first().ok_or(StoreError::Sealed)?;
        Ok([&first.name, seal(&first.wrap, owner, key)?.as_slice()].concat())
    }

    fn unwrap(self, owner: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let (name, sealed) = wrapped.split_at_checked(NAME).ok_or(StoreError::Corrupt)?;
        let key = self.keys.iter().find(|key| key.name == name).ok_or(StoreError::Sealed)?;
        let open = Zeroizing::new(open(&key.wrap, owner, sealed)?);
        Ok(Zeroizing::new(open.as_slice().try_into().map_err(|_| StoreError::Corrupt)?))
    }

    /// The key of the one who has this id.
    pub(crate) fn key(self, owner: &str, wrapped: Option<&[u8]>) -> Result<DataKey, StoreError> {
        let Some(wrapped) = wrapped else { return Ok(DataKey(None)) };
        Ok(DataKey(Some(XChaCha20Poly1305::new(&(*self.unwrap(owner, wrapped)?).into()))))
    }

    /// The same key, wrapped with the first of the PC's keys; none where it is already.
    pub(crate) fn wrapped_anew(self, owner: &str, wrapped: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if self.keys.first().is_some_and(|first| wrapped.starts_with(&first.name)) {
            return Ok(None);
        }
        Ok(Some(self.wrap(owner, &*self.unwrap(owner, wrapped)?)?))
    }

    /// Seals a text with a key of its own, which goes with it.
    pub(crate) fn seal_alone(self, place: &str, text: &str) -> Result<Vec<u8>, StoreError> {
        let (key, wrapped) = self.new_key(place)?;
        let mark = if wrapped.is_some() { SEALED } else { PLAIN };
        Ok([&[mark], wrapped.unwrap_or_default().as_slice(), key.seal(place, text)?.as_slice()].concat())
    }

    /// Opens what [`Self::seal_alone`] sealed.
    pub(crate) fn open_alone(self, place: &str, sealed: &[u8]) -> Result<String, StoreError> {
        match sealed.split_first().ok_or(StoreError::Corrupt)? {
            (&PLAIN, text) => DataKey(None).open(place, text),
            (&SEALED, rest) => {
                let (wrapped, text) = rest.split_at_checked(WRAPPED).ok_or(StoreError::Corrupt)?;
                self.key(place, Some(wrapped))?.open(place, text)
            }
            _ => Err(StoreError::Corrupt),
        }
    }

    /// What a text is looked up by in the rows that this process writes.
    pub(crate) fn index(self, what: &str, text: &str) -> Vec<u8> {
        self.keys.first().map_or_else(|| text.as_bytes().to_vec(), |key| key.index(what, text))
    }

    /// All it may be looked up by in a file, the likeliest first.
    pub(crate) fn indexes(
        self,
        file: &Connection,
        what: &str,
        text: &str,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let State { name, unfinished } = State::read(file)?;
        let plain = text.as_bytes().to_vec();
        let Some(name) = name else { return Ok(vec![plain]) };
        if !self.keys.iter().any(|key| key.name == *name) {
            return Err(StoreError::Sealed);
        }
        let older = if unfinished { self.keys } else { &self.keys[..1] };
        let mut indexes: Vec<_> = older.iter().map(|key| key.index(what, text)).collect();
        if unfinished {
            indexes.push(plain);
        }
        Ok(indexes)
    }
}

impl DataKey {
    /// What lies open.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Seals a text for its place.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<Vec<u8>, StoreError> {
        match &self.0 {
            None => Ok(text.as_bytes().to_vec()),
            Some(key) => seal(key, place, text.as_bytes()),
        }
    }

    /// Opens what was sealed for this place.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let text = match &self.0 {
            None => sealed.to_vec(),
            Some(key) => open(key, place, sealed)?,
        };
        String::from_utf8(text).map_err(|_| StoreError::Corrupt)
    }
}

fn seal(key: &XChaCha20Poly1305, place: &str, text: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE>()?;
    let payload = Payload { msg: text, aad: place.as_bytes() };
    let sealed = key.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::NoChance)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(key: &XChaCha20Poly1305, place: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(StoreError::Corrupt)?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| StoreError::Corrupt)?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    key.decrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Corrupt)
}

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoChance)?;
    Ok(bytes)
}

/// What the file says of its own sealing.
pub(crate) struct State {
    /// The key; none while nothing is sealed.
    pub(crate) name: Option<Vec<u8>>,
    /// Whether rows from before that key may be left.
    pub(crate) unfinished: bool,
}

impl State {
    pub(crate) fn read(file: &Connection) -> Result<Self, StoreError> {
        let mut statement =
            file.prepare_cached("SELECT vault, unsealed IS NOT NULL FROM desk WHERE only = 1")?;
        Ok(statement.query_row([], |row| Ok(Self { name: row.get(0)?, unfinished: row.get(1)? }))?)
    }
}

impl Change<'_> {
    /// The vault to seal with. The first to seal something says with which key; from then on no other seals here, except
    /// one that opens what that one sealed.
    pub(crate) fn sealing(&self) -> Result<Vault<'_>, StoreError> {
        let first = self.vault.keys.first().map(|key| key.name);
        let state = State::read(self)?;
        match (&state.name, first) {
            (None, None) => {}
            (Some(name), Some(first)) if *name == first => {}
            (Some(name), _) if !self.vault.keys.iter().any(|key| key.name == **name) => {
                return Err(StoreError::Sealed);
            }
            (_, Some(first)) => {
                // Nothing to go through where nobody came yet.
                self.execute(
                    "UPDATE desk SET vault = ?1, unsealed = CASE
                         WHEN EXISTS (SELECT 1 FROM visitor) OR EXISTS (SELECT 1 FROM invitation)
                           OR EXISTS (SELECT 1 FROM press WHERE note IS NOT NULL) THEN '' END",
                    params![first],
                )?;
            }
            (Some(_), None) => return Err(StoreError::Sealed),
        }
        Ok(self.vault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<VaultKey> {
        bytes.iter().map(|byte| VaultKey::from_secret(&[*byte; 32])).collect()
    }

    #[test]
    fn only_its_key_and_its_place_open_a_text() {
        let (one, two) = (keys(&[1]), keys(&[2]));
        let sealed = Vault::of(&one).seal_alone("note 7", "王小明").unwrap();
        assert!(!sealed.windows(9).any(|part| part == "王小明".as_bytes()));
        assert_eq!(Vault::of(&one).open_alone("note 7", &sealed).unwrap(), "王小明");
        assert!(matches!(Vault::of(&one).open_alone("note 8", &sealed), Err(StoreError::Corrupt)));
        assert!(matches!(Vault::of(&two).open_alone("note 7", &sealed), Err(StoreError::Sealed)));
        assert!(matches!(Vault::of(&[]).open_alone("note 7", &sealed), Err(StoreError::Sealed)));
        for end in 0..sealed.len() {
            assert!(Vault::of(&one).open_alone("note 7", &sealed[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_key_that_is_wrapped_anew_opens_what_it_sealed() {
        let (old, both, new) = (keys(&[1]), keys(&[2, 1]), keys(&[2]));
        let (key, wrapped) = Vault::of(&old).new_key("v").unwrap();
        let (sealed, wrapped) = (key.seal("place", "text").unwrap(), wrapped.unwrap());
        let anew = Vault::of(&both).wrapped_anew("v", &wrapped).unwrap().unwrap();
        assert!(Vault::of(&both).wrapped_anew("v", &anew).unwrap().is_none(), "once is enough");
        let key = Vault::of(&new).key("v", Some(&anew)).unwrap();
        assert_eq!(key.open("place", &sealed).unwrap(), "text");
        assert!(matches!(Vault::of(&new).key("v", Some(&wrapped)), Err(StoreError::Sealed)));
    }
}
