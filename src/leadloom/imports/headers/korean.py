"""Header names in Korean. A '?' behind a field: the values decide (see `judge`)."""

HEADERS = {
    "full_name": """이름, 성명, 담당자, 담당자명, 담당자 이름, 연락처 이름, 고객명, 참석자,
        참가자명""",
    "first_name": "이름(명)",
    "last_name": "성, 성(姓)",
    "name_prefix": "호칭",
    "title": "직함, 직책, 직위, 직급, 직무, 직업",
    "department": "부서, 부서명, 소속, 소속부서",
    "email": "이메일, 이메일 주소, 전자우편, 메일, 메일주소, e메일",
    "phone": """전화, 전화번호, 휴대폰, 휴대전화, 핸드폰, 휴대폰번호, 연락처, 휴대폰 번호,
        사무실 전화""",
    "company": "회사, 회사명, 기업, 기업명, 업체명, 상호, 직장, 법인명, 기관명, 업체",
    "website": "웹사이트, 홈페이지",
    "street": "주소, 도로명주소",
    "city": "도시, 시, 시/군/구",
    "state": "도, 시/도",
    "postal_code": "우편번호",
    "country": "국가, 나라",
    "industry": "업종, 산업",
    "tags": "태그, 그룹",
    "notes": "비고, 메모, 참고, 의견",
    "status?": "상태, 단계",
    "company.employee_count?": "직원수, 직원 수, 임직원수",
    "company.revenue": "매출, 매출액",
    "opt_out": "수신거부",
    "opt_in": "수신동의",
}

QUALIFIERS = "회사, 직장, 개인, 업무"
PERSON = ""
COMPANY = "회사, 기업"
SMALL_WORDS = ""
