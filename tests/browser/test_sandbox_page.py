"""The sandbox page as a vendor's programmer uses it, in a real browser on a real platform."""

import io
import json
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from browser.pages import (
    HERE,
    PATIENCE_MS,
    PHONE,
    faults_of_access,
    is_wider_than_window,
    load_example,
    opened,
    result_of,
    wait_until,
)
from morprom.doors.sandbox.examples import examples
from platform_process import Platform, password_of

pytestmark = [pytest.mark.xdist_group("browser")]

BROKEN = '{\n  "managingOrganization": {},\n  "Patient": {"gender": "male",},\n}'
SENSITIVE = "F32.1"


def visit(**changed: Any) -> dict[str, Any]:
    """The clean visit of the examples, with its first encounter changed."""
    body = json.loads(json.dumps(next(one for one in examples()["UpdatePHRv1"] if one.name == "clean").body))
    body["Encounter"][0] |= changed
    return body


def file_of(name: str, content: bytes | dict[str, Any]) -> FilePayload:
    held = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return {"name": name, "mimeType": "application/octet-stream", "buffer": held}


def tab(page: Page, name: str) -> str:
    """Open a view and say what stands in it."""
    page.click(f"[role=tab][id$='-{name}']")
    panel = page.locator("[role=tabpanel]:not([hidden])")
    return panel.inner_text()


def test_an_example_is_loaded_with_one_click_and_every_finding_is_at_its_place(
    browser: Browser, platform: Platform
) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        load_example(page, "UpdatePHRv1/odd")
        assert "ระบบรับ" in page.inner_text(".verdict") and "Accepted" in page.inner_text(".verdict")
        warnings = [one for one in explained(page) if one["severity"] == "warning"]
        assert len(warnings) > 5
        for finding in warnings:
            marked = page.evaluate(
                """([path]) => {
                    const steps = path.split("/").slice(1).map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~"));
                    let at = document.querySelector("[role=tree] > [role=treeitem]");
                    while (steps.length) {
                        const gone = CSS.escape(steps.join("/"));
                        const missing = at.querySelector(`:scope > ul > [data-missing="${gone}"]`);
                        if (missing) return missing.innerText;
                        const key = steps.shift();
                        const below = [...at.querySelectorAll(":scope > ul > [data-child]")];
                        at = below.findLast((item) => String(item.place.key) === key);
                        if (!at) return "";
                    }
                    return at.querySelector(":scope > .line").innerText;
                }""",
                [finding["path"]],
            )
            assert finding["code"] in marked and finding["text_th"] in marked, finding
        listed = tab(page, "findings")
        assert all(one["code"] in listed and one["mend_th"] in listed and one["mend_en"] in listed for one in warnings)


def explained(page: Page) -> list[dict[str, Any]]:
    """What the server finds in the payload in the box."""
    return page.evaluate(
        """async () => (await (await fetch("/api/Explain", {
            method: "POST", body: document.getElementById("payload").value })).json()).result.findings"""
    )


def test_a_finding_leads_to_its_place_and_back(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        load_example(page, "UpdatePHRv1/odd")
        page.click("#fold-tree")
        page.locator(".finding .place", has_text="/Patient/address/0/address_code").first.click()
        assert "address_code" in page.inner_text("[role=treeitem]:focus")
        tab(page, "curl")
        page.press("[role=treeitem][tabindex='0']", "Enter")
        assert page.locator("[role=tab][aria-selected=true]").inner_text().startswith("สิ่งที่พบ")
        assert "address_code" in page.locator(".finding.chosen").inner_text()


def test_json_that_does_not_parse_is_told_by_line_and_column(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        page.set_input_files("#files", [file_of("broken.json", BROKEN.encode())])
        result_of(page)
        told = page.inner_text("#payload-fault")
        assert "บรรทัด 3 คอลัมน์ 32" in told and "Line 3, column 32" in told
        assert "too many" in told and '"gender": "male",}' in told
        assert "ไม่รับ" in page.inner_text(".verdict") and "400" in page.inner_text(".verdict")
        page.click("#payload-fault button")
        assert page.evaluate("document.activeElement.selectionStart") == BROKEN.index(",}") + 1
        assert page.get_attribute("#payload", "aria-invalid") == "true"


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("", 1, 1, "nothing"),
        ("{'a': 1}", 1, 2, "quotation"),
        ('{"a": 1\n"b": 2}', 2, 1, "expected , or }"),
        ('{"a": tru}', 1, 7, "knows no tru"),
        ('{"a": NaN}', 1, 7, "knows no NaN"),
        ('{"a": 01}', 1, 8, "not written as JSON"),
        ('{"a": "x\ny"}', 1, 9, "line break"),
        ('{"a": "\\x"}', 1, 8, "does not know"),
        ('{"a": [1, 2', 1, 12, "cut off"),
        ('{"a": "x', 1, 7, 'no closing "'),
        ('{"a": 1} x', 1, 10, "behind the end"),
        ("// hi\n{}", 1, 1, "no comments"),
        ("[" * 100_000, 1, 100_001, "cut off"),
    ],
)
def test_the_usual_slips_are_named(
    browser: Browser, platform: Platform, text: str, line: int, column: int, word: str
) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        fault = page.evaluate("async (text) => (await import('/sandbox/assets/json.js')).read(text).fault", text)
        assert (fault["line"], fault["column"]) == (line, column) and word in fault["en"], fault


def test_the_tree_keeps_what_parsing_forgets(browser: Browser, platform: Platform) -> None:
    text = '{"b": 1, "a": 1e400, "b": 12345678901234567890, "2": 0.10, "1": "\\u0e01\\ud800"}'
    with opened(browser, platform.url, "/sandbox") as page:
        kept = page.evaluate(
            """async (text) => (await import("/sandbox/assets/json.js")).read(text).root.children
                .map((child) => [child.key, child.raw])""",
            text,
        )
    assert kept == [["b", "1"], ["a", "1e400"], ["b", "12345678901234567890"], ["2", "0.10"], ["1", '"\\u0e01\\ud800"']]


def test_several_files_and_a_zip_are_explained_one_by_one(browser: Browser, platform: Platform) -> None:
    odd = next(one for one in examples()["UpdatePHRv1"] if one.name == "odd").body
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("วันแรก/visit-1.json", json.dumps(odd, ensure_ascii=False))
        packed.writestr("visit-2.json", json.dumps(visit()))
        packed.writestr(zipfile.ZipInfo("stored.json"), json.dumps(visit()))
        packed.writestr("broken.json", BROKEN)
    with opened(browser, platform.url, "/sandbox") as page:
        page.set_input_files(
            "#files",
            [file_of("one.json", visit()), file_of("month.zip", held.getvalue()), file_of("no.zip", b"PK\3\4no")],
        )
        wait_until(page, "document.getElementById('progress-said').textContent === '6 / 6'")
        rows = page.locator("#queue li").all_inner_texts()
        assert [row.splitlines()[0].strip() for row in rows[1:3]] == [
            "month.zip › วันแรก/visit-1.json", "month.zip › visit-2.json"
        ]  # fmt: skip
        assert "✔" in rows[0] and "▲" in rows[1] and "✔" in rows[3] and "✖" in rows[4]
        assert "no zip" in rows[5]
        page.locator("#queue button", has_text="วันแรก").click()
        assert "NATIONALITY_CODE" in tab(page, "findings")
        page.locator("#queue button", has_text="broken.json").click()
        assert "บรรทัด 3" in page.inner_text("#payload-fault")


def test_files_are_dropped_on_the_page(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        page.evaluate(
            """(text) => {
                const held = new DataTransfer();
                held.items.add(new File([text], "dropped.json"));
                document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer: held, bubbles: true }));
                document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true }));
            }""",
            json.dumps(visit()),
        )
        result_of(page)
        assert "ไม่พบอะไรที่ต้องแก้" in tab(page, "findings")
        assert "dropped.json" in tab(page, "curl")


def test_a_file_of_tis_620_is_shown_as_thai_and_told(browser: Browser, platform: Platform) -> None:
    body = json.dumps(visit(reason=[{"text": "ปวดศีรษะ"}]), ensure_ascii=False).encode("cp874", "replace")
    with opened(browser, platform.url, "/sandbox") as page:
        page.set_input_files("#files", [file_of("old.json", body)])
        result_of(page)
        assert "NOT_UTF8" in tab(page, "findings")
        assert "not UTF-8" in page.inner_text("#payload-fault")
        assert "ปวดศีรษะ" in page.input_value("#payload")


def test_a_payload_cannot_put_anything_into_the_page(browser: Browser, platform: Platform) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    body = visit(reason=[{"text": evil}], status=evil)
    body[evil] = {"__proto__": {"x": evil}}
    with opened(browser, platform.url, "/sandbox") as page:
        page.on("dialog", lambda dialog: pytest.fail("something of the payload ran"))
        page.fill("#payload", json.dumps(body))
        page.press("#payload", "Control+Enter")
        result_of(page)
        for view in ("understood", "readers", "stored", "curl"):
            tab(page, view)
        assert page.locator("#result img, #result script").count() == 0
        policy = page.request.get(f"{platform.url}/sandbox").headers["content-security-policy"]
        assert "unsafe-inline" not in policy and "require-trusted-types-for" in policy


def test_what_was_understood_and_what_readers_see_stand_beside_it(browser: Browser, platform: Platform) -> None:
    first = visit()["Encounter"][0]["Condition"][0]
    secret = {
        **first,
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": SENSITIVE}], "text": "เศร้า"},
    }
    with opened(browser, platform.url, "/sandbox") as page:
        page.fill("#payload", json.dumps(visit(Condition=[secret])))
        page.click("#explain")
        result_of(page)
        understood = tab(page, "understood")
        assert "99999:690401081500" in understood and "sensitive" in understood
        tab(page, "readers")
        page.select_option("[role=tabpanel]:not([hidden]) select", "Encounter")
        reader, owner = page.locator(".reader").all_inner_texts()
        assert "Sees nothing" in reader and "99999:690401081500" in owner
        assert "sha256" in tab(page, "stored")
        page.locator("details.part summary", has_text="UpdatePHRv1").last.click()
        wait_until(page, "document.querySelector('[role=tabpanel]:not([hidden]) pre').innerText.includes('Patient')")
        assert "/api/UpdatePHRv1" in tab(page, "curl")


def test_a_signed_in_vendor_sees_what_would_change(browser: Browser, platform: Platform) -> None:
    body = visit()
    assert platform.client(HERE, "vendor").post("/api/UpdatePHRv1", json=body).status_code == 200
    with opened(browser, platform.url, "/sandbox") as page:
        page.fill("#payload", json.dumps(visit(status="in-progress"), ensure_ascii=False))
        page.click("#explain")
        result_of(page)
        assert "Sign in" in tab(page, "changes")
        page.click("#sign-in > summary")
        sign_in(page)
        page.wait_for_selector("[role=tabpanel] .tag.changed", state="attached")
        told = tab(page, "changes")
        assert "/Encounter/0/status" in told and "เปลี่ยน" in told
        assert page.input_value("[name=password]") == ""
        assert page.evaluate("Object.values(localStorage).concat(Object.values(sessionStorage)).join()").find("ey") < 0
        page.click("#sign-out")
        wait_until(page, "document.getElementById('who').textContent === ''")


def sign_in(page: Page, password: str = password_of(HERE)) -> None:
    page.fill("[name=user]", "vendor")
    page.fill("[name=password]", password)
    page.fill("[name=hospital_code]", HERE)
    page.click("#sign-in-form [type=submit]")


def test_the_password_never_leaves_the_page(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
        page.click("#sign-in > summary")
        sign_in(page)
        wait_until(page, "document.getElementById('who').textContent.includes('vendor')")
        assert any("/token" in one for one in sent)
        assert all(password_of(HERE) not in one for one in sent)
        assert all("password_hash" not in one.partition("{")[0] for one in sent), "a hash stood in an address"


def test_the_whole_page_works_by_keyboard(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        reach(page, "payload")
        page.keyboard.insert_text(json.dumps(visit(priority="ด่วน")))
        page.keyboard.press("Control+Enter")
        result_of(page)
        assert page.evaluate("document.activeElement.id") == "result-title"
        reach(page, "", "[role=treeitem]")
        keys = {
            "ArrowDown": "managingOrganization", "ArrowLeft": "managingOrganization", "End": "", "Home": "",
            "ArrowRight": "",
        }  # fmt: skip
        for key, expected in keys.items():
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.role") == "treeitem"
            assert expected in page.inner_text("[role=treeitem]:focus > .line")
        assert page.locator("[role=tree] [tabindex='0']").count() == 1
        reach(page, "", "[role=tab]")
        page.keyboard.press("ArrowRight")
        assert page.locator("[role=tab]:focus").get_attribute("aria-selected") == "true"
        page.keyboard.press("End")
        assert "curl" in page.locator("[role=tab]:focus").inner_text()


def reach(page: Page, id: str, selector: str = "") -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("([id, sel]) => id ? document.activeElement.id === id : document.activeElement.matches(sel)",
                         [id, selector]):  # fmt: skip
            return
    pytest.fail(f"Tab does not reach {id or selector}")


@pytest.mark.parametrize(
    ("choice", "shown", "hidden"), [("th", "ตรวจข้อมูล", "Try a payload"), ("en", "Try a payload", "ตรวจข้อมูล")]
)
def test_either_language_alone_or_both(
    browser: Browser, platform: Platform, choice: str, shown: str, hidden: str
) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        both = page.inner_text("nav")
        assert shown in both and hidden in both
        load_example(page, "UpdatePHRv1/odd")
        page.check(f"[name=words][value={choice}]")
        assert shown in page.inner_text("nav") and hidden not in page.inner_text("nav")
        text = page.locator(".finding").first.inner_text()
        assert ("How to mend it" in text) == (choice == "en")
        page.reload()
        assert hidden not in page.inner_text("nav")


def test_type_can_be_made_larger(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        size = "parseFloat(getComputedStyle(document.body).fontSize)"
        plain = page.evaluate(size)
        page.check("[name=type][value=large]")
        assert page.evaluate(size) >= 1.25 * plain


@pytest.mark.parametrize("type_size", ["plain", "large"])
def test_it_fits_a_phone(browser: Browser, platform: Platform, type_size: str) -> None:
    with opened(browser, platform.url, "/sandbox", viewport=PHONE, has_touch=True) as page:
        page.check(f"[name=type][value={type_size}]")
        load_example(page, "UpdatePHRv1/flat")
        for view in ("findings", "understood", "readers", "stored", "changes", "curl"):
            tab(page, view)
            assert not is_wider_than_window(page), view


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["findings", "understood", "readers", "stored", "changes", "curl"])
def test_everybody_can_use_it(browser: Browser, platform: Platform, scheme: str, view: str) -> None:
    with opened(browser, platform.url, "/sandbox", color_scheme=scheme) as page:
        load_example(page, "UpdatePHRv1/refused" if view == "findings" else "MedicationRequest/unverified")
        tab(page, view)
        assert not faults_of_access(page)


def test_every_example_can_be_opened(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/sandbox") as page:
        page.click("#examples > summary")
        page.wait_for_selector(".calls button")
        every = page.eval_on_selector_all("[data-example]", "all => all.map((one) => one.dataset.example)")
        assert sorted(every) == sorted(f"{call}/{one.name}" for call, kept in examples().items() for one in kept)
        page.evaluate("document.querySelectorAll('#examples-list details').forEach((one) => { one.open = true; })")
        for chosen in (
            "WebApp.Encounter/code",
            "Token/wrong",
            "Token/json",
            "PHRSettingSet/set",
            "CodingSystemList/one",
        ):
            page.click(f"[data-example='{chosen}']")
            page.wait_for_selector(".example-shown pre")
            assert "curl -sS" in page.inner_text(".example-shown")


def test_a_large_payload_is_explained(browser: Browser, platform: Platform) -> None:
    body = visit()
    first = body["Encounter"][0]
    body["Encounter"] = [
        {**first, "identifier": [{**first["identifier"][0], "value": f"V{number}"}, first["identifier"][1]]}
        for number in range(300)
    ]
    with opened(browser, platform.url, "/sandbox") as page:
        page.set_input_files("#files", [file_of("many.json", body)])
        page.wait_for_selector("#result:not([hidden]) .verdict.yes", timeout=PATIENCE_MS)
        encounters = page.locator("[role=treeitem]", has=page.locator(":scope > .line > .key", has_text="Encounter"))
        encounters.last.locator(":scope > .line").click()
        page.locator(".more .line").first.click()
        assert page.locator("[role=treeitem]").count() > 200


__all__ = ["visit"]
