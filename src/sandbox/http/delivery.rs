//! What becomes of a call: a reply, and how much of it reaches the caller.

use std::sync::Arc;
use std::time::Duration;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::response::Reply;
use crate::sandbox::faults::fault_effect::Damage;

/// What becomes of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) delivery: Delivery,
    /// How long after its arrival the call is carried out, if its work is late.
    pub(crate) later: Option<Duration>,
    /// The fault that struck.
    pub(crate) fault: Option<Arc<str>>,
}

/// How a reply reaches the caller, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Whole.
    Whole,
    /// Not at all: the connection is reset.
    Reset,
    /// Whole, after this much silence.
    Stalled(Duration),
    /// Half of it; then the connection ends.
    Truncated,
    /// So many megabytes of blanks in its place.
    Huge(u32),
}

impl Answer {
    pub(crate) fn whole(reply: impl Into<Reply>) -> Self {
        Self { reply: reply.into(), delivery: Delivery::Whole, later: None, fault: None }
    }

    /// Spoils a reply.
    pub(crate) fn spoilt(damage: Damage, reply: Reply) -> Self {
        match damage {
            Damage::Reset => Self::whole(reply).by(Delivery::Reset),
            Damage::Stall(time) => Self::whole(reply).by(Delivery::Stalled(time)),
            Damage::Truncated => Self::whole(reply).by(Delivery::Truncated),
            Damage::Huge(megabytes) => Self::whole(reply).by(Delivery::Huge(megabytes)),
            Damage::Status(500) => Self::whole(ApiRefusal::SYSTEM),
            Damage::Status(status) => Self::whole(Reply::gateway(status)),
            Damage::Garbage => Self::whole(Reply::json("{\"result\": 10\u{fffd}01, \"resu")),
            Damage::Empty => Self::whole(Reply::json("")),
            Damage::Null => Self::whole(Reply::result("null")),
            Damage::Id(id) => Self::whole(Reply::result(id)),
            Damage::Redirect => Self::whole(Reply::redirect()),
        }
    }

    /// Refuses as the half of the API does that the operation belongs to.
    pub(crate) fn in_the_manner_of(self, operation: Operation) -> Self {
        let reply = if operation == Operation::User { self.reply.older() } else { self.reply };
        Self { reply, ..self }
    }

    /// The answer is lost now; the work is done later.
    pub(crate) fn late(after: Duration, hold: Option<Duration>) -> Self {
        let delivery = hold.map_or(Delivery::Reset, Delivery::Stalled);
        Self { later: Some(after), ..Self::whole(Reply::gateway(504)).by(delivery) }
    }

    fn by(self, delivery: Delivery) -> Self {
        Self { delivery, ..self }
    }
}
