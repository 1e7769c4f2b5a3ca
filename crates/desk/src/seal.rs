//! Sealing what must not be read off a stolen disk.
//!
//! XChaCha20-Poly1305 with a key that is not in the data folder, a random nonce a text, and the id of its owner bound
//! in, so that a sealed text serves in its own row only. The key is 32 bytes in 64 hexadecimal digits; where it lies
//! is a matter of [`secret`](crate::secret). A new key seals; what the one before it sealed is still opened.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use vestibule_domain::IdentityId;
use vestibule_store::{ChainKey, VaultKey};
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// A key at work, and the one before it.
#[derive(Clone)]
pub struct Seal {
    key: XChaCha20Poly1305,
    before: Option<XChaCha20Poly1305>,
    chain: Vec<ChainKey>,
    vault: Vec<VaultKey>,
    site: Option<VaultKey>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(redacted)")
    }
}

impl Seal {
    /// The key in 64 hexadecimal digits, with or without space around them.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), key.as_mut()).ok()?;
        let chain = vec![ChainKey::from_secret(&key)];
        let vault = vec![VaultKey::from_secret(&key)];
        Some(Self { key: XChaCha20Poly1305::new(&(*key).into()), before: None, chain, vault, site: None })
    }

    /// This key, which also opens what `before` sealed.
    #[must_use]
    pub fn after(mut self, before: Option<Self>) -> Self {
        if let Some(before) = before {
            self.before = Some(before.key);
            self.chain.extend(before.chain);
            self.vault.extend(before.vault);
        }
        self
    }

    /// What the journal is chained with: the key that follows from this one, and from the one before it.
    #[must_use]
    pub fn chain_keys(&self) -> Vec<ChainKey> {
        self.chain.clone()
    }

    /// What the file is sealed with: the key that follows from this one, and from the one before it.
    #[must_use]
    pub fn vault_keys(&self) -> Vec<VaultKey> {
        self.vault.clone()
    }

    /// This key, with one that all desks of a site share for whom the service knows people as.
    #[must_use]
    pub fn at_site(mut self, site: &Self) -> Self {
        self.site = site.vault.first().cloned();
        self
    }

    /// Whether another desk may know people by the same ids.
    #[must_use]
    pub fn shares_people(&self) -> bool {
        self.site.is_some()
    }

    /// Whom the service knows whoever has this phone number as; somebody new where there is none.
    #[must_use]
    pub fn person(&self, phone: &str) -> IdentityId {
        match self.site.as_ref().or(self.vault.first()).filter(|_| !phone.is_empty()) {
            Some(key) => key.person(phone),
            None => IdentityId::random(),
        }
    }

    /// A new key in 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the system gives no chance.
    pub fn new_key() -> Result<Zeroizing<String>, getrandom::Error> {
        let mut key = Zeroizing::new([0_u8; 32]);
        getrandom::fill(key.as_mut())?;
        Ok(Zeroizing::new(hex::encode(key.as_slice())))
    }

    /// Seals a text for its owner. None when the system gives no chance.
    pub(crate) fn seal(&self, owner: &str, text: &str) -> Option<Vec<u8>> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload { msg: text.as_bytes(), aad: owner.as_bytes() };
        let sealed = self.key.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this owner with this key, or with the one before it.
    pub(crate) fn open(&self, owner: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let keys = [Some(&self.key), self.before.as_ref()];
        let text = keys.into_iter().flatten().find_map(|key| {
            key.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: owner.as_bytes() }).ok()
        })?;
        String::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_the_same_owner_open_it() {
        let seal = Seal::from_hex(&Seal::new_key().unwrap()).unwrap();
        let other = Seal::from_hex(&Seal::new_key().unwrap()).unwrap();
        let sealed = seal.seal("one", "A5B2C9D47F18").unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("A5B2"));
        assert_eq!(seal.open("one", &sealed).as_deref(), Some("A5B2C9D47F18"));
        assert_eq!(seal.open("two", &sealed), None);
        assert_eq!(other.open("one", &sealed), None);
        for bad in [&sealed[..10], &[], &sealed[..sealed.len() - 1]] {
            assert_eq!(seal.open("one", bad), None);
        }
        assert_ne!(seal.seal("one", "A5B2C9D47F18").unwrap(), sealed, "never the same twice");
    }

    #[test]
    fn a_new_key_opens_what_the_one_before_it_sealed_and_seals_by_itself() {
        let (old, new) =
            (Seal::from_hex(&"0a".repeat(32)).unwrap(), Seal::from_hex(&"0b".repeat(32)).unwrap());
        let sealed = old.seal("one", "A5B2C9D47F18").unwrap();
        assert_eq!(new.open("one", &sealed), None);
        let rotated = new.clone().after(Some(old.clone()));
        assert_eq!(rotated.open("one", &sealed).as_deref(), Some("A5B2C9D47F18"));
        let sealed = rotated.seal("one", "A5B2C9D47F18").unwrap();
        assert_eq!((old.open("one", &sealed), new.open("one", &sealed).is_some()), (None, true));
    }

    #[test]
    fn desks_of_one_site_know_a_phone_number_as_the_same_person() {
        let key = |byte: &str| Seal::from_hex(&byte.repeat(32)).unwrap();
        let (here, there) = (key("0a").at_site(&key("0c")), key("0b").at_site(&key("0c")));
        assert_eq!(here.person("13800005678"), there.person("+8613800005678"));
        assert_ne!(here.person("13800005678"), here.person("13800005679"));
        assert_ne!(key("0a").person("13800005678"), key("0b").person("13800005678"));
        assert_ne!(here.person(""), here.person(""), "nobody is the same without a number");
        let id = here.person("13800005678").0;
        assert!(id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert!(Seal::from_hex(&"0f".repeat(32)).is_some());
        assert!(Seal::from_hex(&format!(" {}\n", "0F".repeat(32))).is_some());
        for bad in ["", "0f", &"0g".repeat(32), &"0f".repeat(33), &"é".repeat(32)] {
            assert!(Seal::from_hex(bad).is_none(), "{bad}");
        }
    }
}
