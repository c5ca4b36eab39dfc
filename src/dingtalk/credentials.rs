//! Who calls, and by what right. Secrets are held so that they cannot be printed by accident.

use secrecy::SecretString;

/// What a client needs to call DingTalk.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// How the client gets its access token.
    pub grant: Grant,
    /// The unionId of the admin on whose behalf calls are made.
    pub operator: String,
}

/// How the client gets its access token.
#[derive(Clone, Debug)]
pub enum Grant {
    /// From DingTalk, for an app; renewed whenever it is needed.
    App {
        /// The app's client id, formerly AppKey.
        client_id: String,
        /// The app's client secret, formerly AppSecret.
        client_secret: SecretString,
        /// The organization, for apps that serve several.
        corp_id: Option<String>,
    },
    /// Made elsewhere; it cannot be renewed.
    Token(SecretString),
}
