//! Which operation a method and a path mean [create-meeting-room-groups and its neighbours].

use crate::sandbox::api::operation::Operation;

/// Where the administrators of a group are.
const ADMINISTRATORS: &str = "/v1.0/rooms/groupAdmin/";

/// An operation with what its path carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// The token call with `appKey` and `appSecret`.
    AppToken,
    /// The token call of one organization.
    OrganizationToken(&'a str),
    Create,
    Rename,
    Delete(&'a str),
    List,
    Read(&'a str),
    Rooms,
    Administrators(&'a str),
    User,
}

impl<'a> Route<'a> {
    /// Finds the operation, if the API has one there.
    pub(crate) fn find(method: &str, path: &'a str) -> Option<Self> {
        match (method, path) {
            ("POST", "/v1.0/oauth2/accessToken") => Some(Self::AppToken),
            ("POST", "/v1.0/rooms/groups") => Some(Self::Create),
            ("PUT", "/v1.0/rooms/groups") => Some(Self::Rename),
            ("GET", "/v1.0/rooms/groupLists") => Some(Self::List),
            ("GET", "/v1.0/rooms/meetingRoomLists") => Some(Self::Rooms),
            ("POST", "/topapi/v2/user/get") => Some(Self::User),
            ("GET", path) if path.starts_with(ADMINISTRATORS) => {
                segment(&path[ADMINISTRATORS.len()..]).map(Self::Administrators)
            }
            ("GET", path) => one_group(path).map(Self::Read),
            ("DELETE", path) => one_group(path).map(Self::Delete),
            ("POST", path) => organization(path).map(Self::OrganizationToken),
            _ => None,
        }
    }

    pub(crate) const fn operation(self) -> Operation {
        match self {
            Self::AppToken | Self::OrganizationToken(_) => Operation::Token,
            Self::Create => Operation::Create,
            Self::Rename => Operation::Rename,
            Self::Delete(_) => Operation::Delete,
            Self::List => Operation::List,
            Self::Read(_) => Operation::Read,
            Self::Rooms => Operation::Rooms,
            Self::Administrators(_) => Operation::Administrators,
            Self::User => Operation::User,
        }
    }
}

fn one_group(path: &str) -> Option<&str> {
    segment(path.strip_prefix("/v1.0/rooms/groups/")?)
}

fn organization(path: &str) -> Option<&str> {
    segment(path.strip_prefix("/v1.0/oauth2/")?.strip_suffix("/token")?)
}

fn segment(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty() && !text.contains('/'))
}

#[cfg(test)]
mod tests {
    use crate::sandbox::api::route::Route;

    #[test]
    fn every_operation_has_its_place_and_nothing_else_has_one() {
        assert_eq!(Route::find("POST", "/v1.0/oauth2/accessToken"), Some(Route::AppToken));
        assert_eq!(Route::find("POST", "/v1.0/oauth2/ding1/token"), Some(Route::OrganizationToken("ding1")));
        assert_eq!(Route::find("DELETE", "/v1.0/rooms/groups/7"), Some(Route::Delete("7")));
        assert_eq!(Route::find("GET", "/v1.0/rooms/groups/7"), Some(Route::Read("7")));
        assert_eq!(Route::find("GET", "/v1.0/rooms/meetingRoomLists"), Some(Route::Rooms));
        assert_eq!(Route::find("GET", "/v1.0/rooms/groupAdmin/7"), Some(Route::Administrators("7")));
        assert_eq!(Route::find("POST", "/topapi/v2/user/get"), Some(Route::User));
        for (method, path) in [
            ("GET", "/v1.0/rooms/groups"),
            ("GET", "/v1.0/rooms/groups/"),
            ("GET", "/v1.0/rooms/groups/7/8"),
            ("GET", "/v1.0/rooms/groupAdmin/"),
            ("POST", "/v1.0/rooms/groups/"),
            ("POST", "/v1.0/oauth2//token"),
            ("PATCH", "/v1.0/rooms/groups"),
            ("GET", "/"),
        ] {
            assert_eq!(Route::find(method, path), None, "{method} {path}");
        }
    }
}
