/** What `hailong-hub --help` prints. */
export const USAGE = `hailong-hub <lệnh / command> [--json]

  serve --data D [--port P] [--host H] [--tls-cert F --tls-key F | --insecure] [--origin URL]… [--camera-cidr N]…
        [--proxy IP|N]…   máy chuyển tiếp được tin khi nói địa chỉ người gọi / a proxy that is believed when it names the caller
        [--mirror DIR]   bản thứ hai của chuỗi máy chủ, trên ổ khác / the hub's own chain a second time, on another disk
      chạy máy chủ / runs the hub (127.0.0.1:8443; port 0: any)
  setup --data D [--demo]
      tạo khóa, in khóa khôi phục; --demo: văn phòng mẫu / makes the keys, prints the recovery key; --demo: demo office
  enrol-code --data D --counter C [--ask] [--replaces DEVICE] | --station C
      mã ghi danh dùng một lần cho thiết bị hoặc máy trạm của quầy C / a one-time code for counter C (id or number)
      --ask: chờ duyệt; --replaces: thay thiết bị hỏng / waits for approval; takes the place of a broken kiosk
  camera add --data D --address A --name N [--user U] [--password-stdin | --password P] [--counter C]…
         [--via auto|node-onvif|onvif]
  camera probe --data D --address A [--user U] [--password-stdin | --password P] [--via V]
      [--camera-cidr N]…  mạng camera khi máy chủ đang dừng / the camera networks while the hub is stopped
  camera discover --data D [--camera-cidr N]…
      camera đang báo tên trong mạng camera / cameras that announce themselves in the camera networks
  camera check --data D --camera ID|NAME
      camera đã lưu đang phát gì, phải sửa gì / what a saved camera sends now and what to change at it
  camera list --data D
  backup DIR --data D [--recovery-key F] [--without-keys]
      sao lưu tất cả trừ tệp hình, cả khi máy chủ đang chạy / a signed copy of all but footage, also of a running hub
  checkpoint --data D
      mốc nhật ký đã ký và dãy đối chiếu để so trên giấy / the log's signed checkpoint and its digits for paper
  restore DIR --data NEW --recovery-key F --by A --by B
      khôi phục vào thư mục mới, cần hai người / makes a hub of a backup again, by two people
  verify --data D [--files] [--backup DIR]… [--witness FILE]…
      kiểm tra mọi chuỗi, chữ ký, nhật ký và tệp; nêu chỗ sai đầu tiên / checks everything, names the first bad place
  counter hand-over C --data D --by A --reason R
      quầy của thiết bị hỏng do máy chủ ghi nhận / a broken kiosk's counter goes to the hub
  counter reported C [--to T] --data D --reason R --token T
      không chờ thiết bị của quầy báo về nữa; cần hai người / nobody waits for its kiosk any longer, by two people
  fleet --data D
      mọi thiết bị, lần báo cuối và cảnh báo, nặng nhất trước / every kiosk, its last report and alarms, worst first
  rollout show | force | retry   --data D [--by A]
      cấu hình đang tới nhóm nào, vì sao quay lại / how far the newest configuration is, or why it went back
  reload --data D (--counter C | --group N | --all) [--by A]
      tải lại màn hình khi không hỏi ai / shows kiosks' pages anew, once nobody is asked there
  screen-hours show | set (--opens 07:30 --closes 17:00 --days 1-5 | --lit) | clear   --data D [--unit U | --counter C]
  screen-hours close-day DATE [--name N] | open-day DATE   --data D [--by A]
      giờ sáng màn hình của cơ quan, đơn vị hoặc quầy; ngày nghỉ / when screens are lit; days the office is closed
  device waiting | approve FINGERPRINT | refuse FINGERPRINT | roster   --data D [--by A]
      thiết bị chờ duyệt; duyệt theo dãy trên thiết bị; sổ thiết bị để in / kiosks that wait, approved by the digits they
      show; the roster to print
  device list | confirm DEVICE | write-off DEVICE --reason R | decide DEVICE EPOCH --count yes|no --reason R
         --data D [--by A --by B]
      thiết bị; xác nhận chưa bị thu hồi; bỏ phần còn trên thiết bị đã thu hồi / kiosks; what two people decide of them
  recovering show --data D | override --data D --by A --by B --reason R | sign --data D --recovery-key F --by A --by B
      dữ liệu còn chờ sau khi phục hồi; hai người cho phép xuất khi chưa đủ, ký cho nhật ký mới / what is awaited after
      a restore; two people allow exports without it, or sign that the new log follows the old one
  clock confirm --data D --by A --by B --reason R
      hai người xác nhận giờ máy chủ đúng, khi giờ bị chỉnh lên nhiều / two people say that a clock set far ahead is right
  quarantine list | show N | retry [N]   --data D
      khu cách ly: sự kiện nào, vì sao, phải làm gì; xét lại / what was set aside, why and what to do; judge it again
  export-ratings --data D
      mọi lượt đánh giá, mỗi dòng một JSON / every rating as a line of JSON, the same bytes for the same facts
  clip --case K --token TOKEN --data D [--transaction T] [--interval ID | --from F --to T [--reason R]]
      các đoạn ghi trong phiếu của mình; ghi nhật ký trước; ngoài phạm vi phiếu thì chờ người thứ hai / the files that show
      one's own case, logged first; more than it is of waits for a second person. Exit 1: none
  coverage --data D --camera C --day YYYY-MM-DD --token T
      từng đoạn trong ngày: có hình, hoặc vì sao không / each part of a day: recorded, or why not (1: no known reason)
  footage repair --data D --token T [--apply]
      tệp và dòng hình không khớp: nêu ra trước, --apply mới sửa / files and rows that disagree: named first, mended with --apply
  hold list --data D --token T [--kind manual|case|officer|rating] | end HOLD --data D --reason R --token T
  hold add --data D --camera C --from T --to T --until T [--case K] --reason R --token T
      bảo lưu dữ liệu: T là YYYY-MM-DD[THH:MM] giờ Việt Nam; thêm và kết thúc sớm cần hai người / footage kept past its
      days, in Vietnam time; adding one and ending it early take two people
  acts list --data D [--token T] | approve ID --data D --token T | refuse ID --data D --token T --reason R
      việc cần hai người: đang chờ ai; người thứ hai đồng ý, hoặc từ chối / acts of two people: what waits, the second decides
  token issue --data D --user U --name N --scope footage|hold|export|acts… [--days 30] | list --data D --user U | revoke ID --data D
      mã cá nhân để lệnh biết ai làm; chỉ hiện một lần; việc cần hai người phải dùng mã tự tạo trên trang / personal tokens by which
      commands know who acts; shown once; acts of two people take tokens made on the page
  evidence export --case K --out DIR --token T --data D [--from F --to T] [--purpose P] [--legal-basis B] [--wait] [--again]
      hồ sơ trích xuất, cả khoảng rộng hơn phiếu: xin, chờ người thứ hai, rồi chép vào DIR và kiểm tra / asks for a package,
      also of more than the case is of; once a second person approved, carries it to DIR and checks it there
  evidence repair --token T --data D [--apply]
      thư mục hồ sơ và dòng dữ liệu không khớp: nêu ra trước, --apply mới sửa / folders of packages and rows that disagree:
      named first, mended with --apply
  evidence keep --token T --data D [--after-fetch DAYS] [--after-close DAYS]
      hồ sơ trích xuất giữ trên máy chủ bao nhiêu ngày sau khi tải, sau khi vụ việc đóng / for how many days packages are
      kept here after they were fetched and after their case closed
  routes
      bảng quyền truy cập / the policy table

  Mã thoát / exit codes: 0 ok · 1 lỗi, failed · 2 sai cách dùng, usage · 3 dữ liệu hoặc cổng đang bận, data or port in
  use · 4 không tới được, unreachable
`;

/**
 * What is said of one command: the paragraphs of the usage that begin with its name, or name it after a `|`; all of it when
 * there is none.
 */
export function usageOf(usage: string, command: string | undefined): string {
  const [title = '', ...paragraphs] = usage.split(/\n(?= {2}\S)/);
  const own = paragraphs.filter((paragraph) => {
    const [line = ''] = paragraph.split('\n');
    return line.split('|').some((one) => one.trim().split(' ')[0] === command);
  });
  if (own.length === 0) return usage;
  return `${[title.trimEnd(), '', ...own.map((paragraph) => paragraph.trimEnd())].join('\n')}\n`;
}
