//! The first hour: every error that somebody meets who sets out names what to do and where, in both languages, and changes
//! nothing.

use std::net::TcpListener;

use roomtree::sandbox::Config;

use crate::ran::Ran;
use crate::scripted::Scripted;
use crate::test_env::Scene;
use crate::tree::Tree;

const NO_REPEATS: &str = "--timeout 500ms";

fn scene(config: Config) -> Scene {
    Scene::with(config).wanting(Tree::of(&["北京"]))
}

/// What is said in English and in Chinese; what both say is said once.
struct Said<'a> {
    both: &'a [&'a str],
    english: &'a [&'a str],
    chinese: &'a [&'a str],
}

/// Applies in each language; nothing is changed.
#[track_caller]
fn applied(scene: &Scene, flags: &str, exit: i32, said: &Said<'_>) {
    for (language, words) in [("en", said.english), ("zh", said.chinese)] {
        let ran = scene.run(&format!("apply rooms.yaml --yes {NO_REPEATS} --lang {language} {flags}"));
        ran.exits(exit);
        is_said(&ran, words);
        is_said(&ran, said.both);
        assert_eq!(scene.live(), [""; 0]);
        scene.is_tidy();
    }
}

/// On whichever stream.
#[track_caller]
fn is_said(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.out.contains(word) || ran.err.contains(word), "no `{word}` in {ran}");
    }
}

#[test]
fn without_credentials_all_that_is_missing_is_named_with_its_pages() {
    let scene = scene(Config::default()).without_credentials();
    let both = [
        "open-dev.dingtalk.com",
        "凭证与基础信息",
        "oa.dingtalk.com",
        "通讯录 → 成员管理",
        "智能会议室",
        "--user-id USERID",
        "DINGTALK_USER_ID",
        "DINGTALK_ACCESS_TOKEN",
        "--sandbox",
        "--offline",
    ];
    let said = Said {
        both: &both,
        english: &["DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET and DINGTALK_UNION_ID are not set"],
        chinese: &["未设置 DINGTALK_CLIENT_ID、DINGTALK_CLIENT_SECRET 和 DINGTALK_UNION_ID"],
    };
    applied(&scene, "", 1, &said);
}

#[test]
fn without_an_operator_the_userid_is_offered() {
    let scene = scene(Config::default()).without("DINGTALK_UNION_ID");
    let said = Said {
        both: &["--user-id USERID", "oa.dingtalk.com", "通讯录 → 成员管理"],
        english: &["DINGTALK_UNION_ID is not set", "not known"],
        chinese: &["未设置 DINGTALK_UNION_ID", "不知道 unionId 时"],
    };
    applied(&scene, "", 1, &said);
    let ran = scene.run("plan rooms.yaml");
    ran.exits(1);
    assert!(!ran.err.contains("Client Secret"), "what is there is not asked for: {ran}");
}

#[test]
fn a_wrong_secret_leads_to_the_page_of_the_app_and_to_the_international_address() {
    let scene = scene(Config::default()).variable("DINGTALK_CLIENT_SECRET", "not-the-secret");
    let said = Said {
        both: &["`invalidClientIdOrSecret`", "凭证与基础信息", "open-dev.dingtalk.com", "https://api.dingtalk.io"],
        english: &["Check DINGTALK_CLIENT_ID"],
        chinese: &["核对 DINGTALK_CLIENT_ID"],
    };
    applied(&scene, "", 5, &said);
}

#[test]
fn an_organization_that_may_be_wrong_is_named_with_who_named_it() {
    let scene = scene(Config::default()).variable("DINGTALK_CORP_ID", "dingother").faulty(&["token:500-before"]);
    let both = ["`dingother`", "DINGTALK_CORP_ID"];
    applied(&scene, "", 5, &Said { both: &both, english: &["DingTalk failed"], chinese: &["钉钉出现故障"] });
}

#[test]
fn who_is_no_admin_is_sent_to_the_admin_console() {
    let scene = scene(Config { admins: Some(vec!["boss".to_owned()]), ..Config::default() });
    let said = Said {
        both: &["`user.not.admin`", "智能会议室", "oa.dingtalk.com", "--user-id USERID"],
        english: &["Make the operator an admin"],
        chinese: &["设为智能会议室的管理员"],
    };
    applied(&scene, "", 5, &said);
}

#[test]
fn who_is_nobody_is_told_that_a_userid_is_no_unionid() {
    let nobody = || Some(Vec::new());
    let scene = scene(Config { admins: nobody(), employees: nobody(), ..Config::default() });
    let said = Said {
        both: &["`user.not.employee`", "--user-id USERID"],
        english: &["a userId is not a unionId"],
        chinese: &["userId 不是 unionId"],
    };
    applied(&scene, "", 5, &said);
}

#[test]
fn a_missing_permission_is_named_with_its_page() {
    for (config, permission) in [
        (Config { may_read: false, ..Config::default() }, "`VideoConference.Conference.Read`"),
        (Config { may_write: false, ..Config::default() }, "`VideoConference.Conference.Write`"),
    ] {
        let both = ["AccessTokenPermissionDenied", permission, "权限管理", "open-dev.dingtalk.com"];
        applied(&scene(config), "", 5, &Said { both: &both, english: &["The app lacks"], chinese: &["应用缺少"] });
    }
}

#[test]
fn an_address_that_is_not_on_the_list_is_sent_to_the_security_settings() {
    let scene = scene(Config { known_address: false, ..Config::default() });
    let both = ["IpNotInWhiteList", "安全设置", "服务器出口", "open-dev.dingtalk.com"];
    applied(&scene, "", 5, &Said { both: &both, english: &["egress address"], chinese: &["出口 IP"] });
}

#[test]
fn a_quota_that_is_used_up_says_that_nothing_is_lost_and_where_it_is_shown() {
    let scene = scene(Config { quota: Some(0), ..Config::default() });
    let both = ["ApiCountLimitForOrg", "资源管理", "open-dev.dingtalk.com"];
    applied(&scene, "", 5, &Said { both: &both, english: &["Nothing is lost"], chinese: &["数据没有丢失"] });
}

#[test]
fn an_address_where_nobody_listens_or_something_else_answers_is_told() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let plain = Scene::new();
    let page = Scripted::new(vec![("", 200, "<!doctype html><title>Login</title>".to_owned())]);
    let missing = Scripted::new(vec![("", 404, "{}".to_owned())]);
    let tls = plain.sandbox.url().replace("http:", "https:");
    for (endpoint, english, chinese) in [
        (format!("http://{closed}"), "https://api.dingtalk.io outside China", "国际版为 `https://api.dingtalk.io`"),
        (tls, "speaks https", "支持 HTTPS"),
        (page.url.clone(), "captive portal", "登录门户"),
        (missing.url.clone(), "Check the endpoint", "请检查接口地址"),
    ] {
        let scene = scene(Config::default());
        let flags = format!("--endpoint {endpoint}");
        applied(&scene, &flags, 5, &Said { both: &[], english: &[english], chinese: &[chinese] });
        assert_eq!(scene.calls(), "", "{endpoint}");
    }
}

#[test]
fn a_proxy_that_does_not_connect_is_told_from_dingtalk() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for proxy in [format!("http://{closed}"), Scripted::new(vec![("CONNECT", 407, String::new())]).url] {
        let scene = scene(Config::default()).variable("HTTPS_PROXY", &proxy);
        let flags = "--endpoint https://api.dingtalk.com";
        applied(&scene, flags, 5, &Said { both: &["HTTPS_PROXY"], english: &["the proxy"], chinese: &["代理"] });
    }
}

#[test]
fn the_doctor_says_the_same_at_the_check_that_it_is_about() {
    let scene = scene(Config::default()).without_credentials();
    for language in ["en", "zh"] {
        let ran = scene.run(&format!("doctor --lang {language}"));
        ran.exits(1).shows(&["凭证与基础信息", "通讯录 → 成员管理", "--user-id USERID"]);
    }
    let json = scene.run("doctor --lang zh --format json").exits(1).json();
    let detail = json["checks"][0]["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET and DINGTALK_UNION_ID are not set"),
        "{detail}"
    );
}

#[test]
fn a_clock_that_is_wrong_is_told_by_how_much() {
    let answer = r#"{"accessToken":"t0ken-of-a-script","expireIn":7200}"#.to_owned();
    let groups = r#"{"result":[]}"#.to_owned();
    let script = vec![("/oauth2/", 200, answer), ("groupLists", 200, groups)];
    let server = Scripted::dated("Sun, 06 Nov 1994 08:49:37 GMT", script);
    let scene = scene(Config::default()).variable("DINGTALK_ENDPOINT", &server.url);
    for (language, words) in [("en", ["seconds fast.", "NTP"]), ("zh", ["本机时钟快", "NTP"])] {
        scene.run(&format!("doctor --read-only --lang {language}")).exits(0).shows(&words);
    }
}
