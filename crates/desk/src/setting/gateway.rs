//! How the gateway is reached.

use std::sync::Arc;

use serde::Deserialize;
use vestibule_domain::Clock;
use vestibule_gateway::options::{ExpiryName, IdentityPlace, Spelling};
use vestibule_gateway::transport::http::HttpConfig;
use vestibule_gateway::{Client, Credential, GatewayError, Options};
use zeroize::Zeroizing;

use crate::secret::{Place, Places, Secret};

/// How the gateway is reached.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaySettings {
    /// Its address; `demo` is a gateway inside this program, with doors that exist nowhere.
    pub url: String,
    /// The AppKey; the environment's `VESTIBULE_APP_KEY` comes first.
    pub app_key: String,
    /// The AppSecret, in clear; see [`secret`](crate::secret) for better places.
    pub app_secret: String,
    /// Where the AppSecret was found.
    #[serde(skip)]
    pub secret_place: Option<Place>,
    /// The stage of the API.
    pub stage: String,
    /// A proxy to go through; none when empty.
    pub proxy: String,
    /// A PEM file with one more certificate authority to trust; none when empty.
    pub ca_file: String,
    /// The project whose cloud token is sent along; none when empty.
    pub cloud_project: String,
    /// What the end of a PIN is called on the wire.
    pub pin_end: PinEnd,
    /// Where the person of a PIN is named on the wire.
    pub pin_person: PinPerson,
}

/// What the end of a PIN is called: the service's document has one name in its table and another in its sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PinEnd {
    /// As the table has it.
    #[default]
    ExpiredDate,
    /// As the sample has it.
    ExpiryDate,
    /// Both.
    Both,
}

/// Where the person of a PIN is named: in each row in the document's table, once at the top in its sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PinPerson {
    /// As the table has it.
    #[default]
    InEachRow,
    /// As the sample has it.
    AtTheTop,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            url: "https://api.link.aliyun.com".to_owned(),
            app_key: String::new(),
            app_secret: String::new(),
            secret_place: None,
            stage: "RELEASE".to_owned(),
            proxy: String::new(),
            ca_file: String::new(),
            cloud_project: String::new(),
            pin_end: PinEnd::default(),
            pin_person: PinPerson::default(),
        }
    }
}

impl GatewaySettings {
    /// Finds the AppSecret. False when it is nowhere.
    pub(super) fn find_secret(&mut self, places: &Places) -> Result<bool, (String, String)> {
        let here = Some(Zeroizing::new(std::mem::take(&mut self.app_secret))).filter(|text| !text.is_empty());
        let found = places.find(Secret::AppSecret, || Ok(here))?;
        let Some((text, place)) = found else { return Ok(false) };
        (self.app_secret, self.secret_place) = (text.to_string(), Some(place));
        Ok(true)
    }

    /// A client to the service at `url`.
    ///
    /// # Errors
    /// Settings that HTTP cannot use, or an authority file that cannot be read; the words name the key.
    pub fn client(&self, clock: Arc<dyn Clock>) -> Result<Client, GatewayError> {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let mut config = HttpConfig::at(&self.url);
        config.proxy = some(&self.proxy);
        if let Some(file) = some(&self.ca_file) {
            config.authorities_pem = std::fs::read(&file)
                .map_err(|error| GatewayError::Setup(format!("gateway.ca_file: {file}: {error}")))?;
        }
        let options = Options {
            stage: self.stage.clone(),
            cloud_project: some(&self.cloud_project),
            spelling: Spelling {
                expiry: match self.pin_end {
                    PinEnd::ExpiredDate => ExpiryName::ExpiredDate,
                    PinEnd::ExpiryDate => ExpiryName::ExpiryDate,
                    PinEnd::Both => ExpiryName::Both,
                },
                identity: match self.pin_person {
                    PinPerson::InEachRow => IdentityPlace::InEachRow,
                    PinPerson::AtTheTop => IdentityPlace::AtTheTop,
                },
            },
            ..Options::default()
        };
        let credential = Credential::new(self.app_key.clone(), self.app_secret.clone());
        Client::over_http(&config, credential, clock, options)
    }
}

impl std::fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { url, stage, ca_file, pin_end, pin_person, .. } = self;
        // A proxy's address may hold a password.
        write!(
            f,
            "GatewaySettings({url}, {stage}, {ca_file}, {pin_end:?}, {pin_person:?}; proxy, key and secret redacted)"
        )
    }
}
