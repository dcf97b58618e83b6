"""What was done with a person's data, in words: one line for each tag of the audit trail."""

from flask_babel import gettext as _


def doings() -> dict[str, str]:
    """Return what was done with a person's data, by the tag of the audit event."""
    return {**_claims(), **_people(), **_others()}


def _claims() -> dict[str, str]:
    """Return the words of profiles, claims and rights."""
    return {
        "skills:profile:read": _("melihat profil"),
        "skills:profile:print": _("mencetak profil talenta"),
        "skills:level:read": _("melihat riwayat level"),
        "skills:level:record": _("mencatat level"),
        "skills:level:withdraw": _("membatalkan level"),
        "skills:claim:list": _("melihat antrean verifikasi"),
        "skills:claim:read": _("memeriksa bukti klaim"),
        "skills:claim:accept": _("menerima klaim"),
        "skills:claim:unit_accept": _("menerima klaim tahap pertama"),
        "skills:claim:return": _("mengembalikan klaim"),
        "skills:claim:edit": _("mengubah klaim"),
        "skills:claim:submit": _("mengirim klaim"),
        "skills:claim:attach": _("melampirkan bukti"),
        "skills:owndata:export": _("mengunduh data sendiri"),
        "skills:policy:preview": _("melihat dampak perubahan aturan level"),
        "skills:portfolio:save": _("mengubah portofolio"),
        "skills:portfolio:remove": _("menghapus butir portofolio"),
        "skills:finding:read": _("memeriksa temuan verifikasi"),
        "skills:outside:list": _("melihat antrean riwayat dari luar"),
        "skills:outside:read": _("memeriksa riwayat dari luar"),
        "skills:outside:verify": _("memverifikasi riwayat dari luar"),
        "skills:outside:return": _("mengembalikan riwayat dari luar"),
        "skills:outside:send": _("mengirim riwayat dari luar"),
        "skills:milestone:reach": _("mencatat tonggak profil"),
        "skills:contest:list": _("melihat antrean sanggahan"),
        "skills:contest:read": _("memeriksa sanggahan"),
        "skills:contest:file": _("menyanggah data"),
        "skills:contest:withdraw": _("menarik sanggahan"),
        "skills:contest:answer": _("menjawab sanggahan"),
        "skills:consent:give": _("memberi persetujuan"),
        "skills:consent:withdraw": _("mencabut persetujuan"),
    }


def _people() -> dict[str, str]:
    """Return the words of teams, indices and personnel data."""
    return {
        "skills:team:read": _("melihat peta kompetensi tim"),
        "skills:team:export": _("mengunduh peta kompetensi tim"),
        "skills:ip_asn:read": _("melihat Indeks Profesionalitas"),
        "skills:ip_asn:list": _("melihat daftar Indeks Profesionalitas"),
        "skills:ip_asn:export": _("mengunduh daftar Indeks Profesionalitas"),
        "skills:employee:read": _("melihat data kepegawaian"),
        "skills:employee:list": _("melihat daftar pegawai"),
        "skills:employee:export": _("mengunduh daftar pegawai"),
        "skills:employee:edit": _("mengubah data kepegawaian"),
        "skills:import:apply": _("memperbarui data dari impor SIASN"),
    }


def _others() -> dict[str, str]:
    """Return the words of talent, training, files and accounts."""
    return {
        "courses:proposal:make": _("mengusulkan pelatihan"),
        "courses:proposal:withdraw": _("membatalkan usulan pelatihan"),
        "matching:candidate:read": _("melihat kecocokan dengan kursi admin"),
        "matching:compare:read": _("membandingkan calon kursi admin"),
        "matching:search:read": _("menemukan dalam pencarian talenta"),
        "matching:shortlist:add": _("memasukkan ke daftar pendek"),
        "courses:enrolment:list": _("melihat daftar peserta pelatihan"),
        "courses:suggestion:read": _("mempertimbangkan untuk pelatihan"),
        "courses:certificate:issue": _("menerbitkan sertifikat"),
        "accounts:account:create": _("membuat akun"),
        "files:file:read": _("membuka berkas"),
        "files:file:store": _("menyimpan berkas"),
        "matching:ranking:read": _("mempertimbangkan untuk kursi admin"),
        "courses:jp:list": _("melihat akun JP"),
        "courses:jp:read": _("melihat akun JP"),
        "courses:jp:export": _("mengunduh akun JP"),
        "courses:jp:queue": _("memeriksa klaim JP"),
        "courses:jp:claim": _("mengirim klaim JP"),
        "courses:jp:approve": _("menyetujui klaim JP"),
        "courses:jp:return": _("mengembalikan klaim JP"),
        "courses:need:read": _("melihat kebutuhan pelatihan"),
        "courses:need:export": _("mengunduh kebutuhan pelatihan"),
        "courses:proposal:read": _("melihat usulan pelatihan"),
        "courses:proposal:take": _("memasukkan usulan ke rencana"),
        "courses:proposal:decline": _("menolak usulan pelatihan"),
        "courses:proposal:undo": _("menarik jawaban atas usulan pelatihan"),
        "courses:enrolment:pass_over": _("dilewati di daftar tunggu karena prasyarat"),
        "courses:enrolment:exempt": _("mengecualikan dari prasyarat pelatihan"),
        "courses:record:list": _("melihat riwayat pelatihan yang belum diperiksa"),
        "courses:record:read": _("memeriksa riwayat pelatihan"),
        "courses:record:approve": _("menyetujui riwayat pelatihan"),
        "courses:record:return": _("mengembalikan riwayat pelatihan"),
        "courses:outside:import": _("mengimpor pembelajaran dari luar"),
        "courses:outside:undo": _("membatalkan impor pembelajaran dari luar"),
    }
