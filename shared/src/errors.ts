/**
 * The closed list of error codes. Each says what happened and what to do next, in Vietnamese and English.
 * Expected outcomes are unions, not exceptions; a `CodedError` is for what a caller cannot be expected to handle.
 */
export interface ErrorText {
  readonly vi: string;
  readonly en: string;
  /** What the reader can do about it, both languages. */
  readonly remedy: { readonly vi: string; readonly en: string };
  /** HTTP status when it leaves the hub as an answer. */
  readonly status: number;
}

const text = (status: number, vi: string, en: string, remedyVi: string, remedyEn: string): ErrorText => ({
  status,
  vi,
  en,
  remedy: { vi: remedyVi, en: remedyEn },
});

export const ERRORS = {
  // requests
  'request.invalid': text(
    400,
    'Yêu cầu không đúng mẫu.',
    'The request does not have the expected form.',
    'Sửa các trường được nêu rồi gửi lại.',
    'Correct the fields named and send again.',
  ),
  'request.too_large': text(
    413,
    'Dữ liệu gửi lên quá lớn.',
    'The data sent is too large.',
    'Gửi ít dữ liệu hơn trong một lần.',
    'Send less at a time.',
  ),
  'request.too_deep': text(
    400,
    'Dữ liệu JSON lồng quá sâu.',
    'The JSON is nested too deeply.',
    'Gửi dữ liệu phẳng hơn.',
    'Send flatter data.',
  ),
  'request.not_found': text(
    404,
    'Không tìm thấy.',
    'Not found.',
    'Kiểm tra lại địa chỉ hoặc mã.',
    'Check the address or the code.',
  ),
  'request.conflict': text(
    409,
    'Dữ liệu đã thay đổi hoặc đã có.',
    'It has changed or exists already.',
    'Tải lại trang rồi thử lại.',
    'Reload and try again.',
  ),
  'request.too_many': text(
    429,
    'Thử quá nhiều lần.',
    'Too many attempts.',
    'Chờ vài phút rồi thử lại.',
    'Wait a few minutes and try again.',
  ),
  'internal.unexpected': text(
    500,
    'Máy chủ gặp lỗi ngoài dự kiến; dữ liệu đã lưu không bị ảnh hưởng.',
    'The hub met an unexpected error; what was stored is unaffected.',
    'Báo quản trị hệ thống kèm thời điểm xảy ra.',
    'Tell the operator and name the time.',
  ),
  // access
  'access.login_required': text(
    401,
    'Cần đăng nhập.',
    'Log in first.',
    'Đăng nhập rồi thử lại.',
    'Log in and try again.',
  ),
  'access.refused': text(
    403,
    'Không có quyền thực hiện việc này.',
    'You may not do this.',
    'Hỏi người phụ trách nếu việc này thuộc nhiệm vụ của ông/bà.',
    'Ask the person in charge if it belongs to your duties.',
  ),
  'access.wrong_login': text(
    401,
    'Tên đăng nhập hoặc mật khẩu không đúng.',
    'The login name or password is wrong.',
    'Nhập lại; sau 5 lần sai phải chờ.',
    'Enter it again; after 5 wrong attempts you must wait.',
  ),
  'access.wrong_pin': text(
    401,
    'Mã cán bộ hoặc PIN không đúng.',
    'The staff code or PIN is wrong.',
    'Nhập lại; sau 5 lần sai phải chờ.',
    'Enter it again; after 5 wrong attempts you must wait.',
  ),
  'access.two_people': text(
    400,
    'Việc này cần hai người khác nhau cùng quyết định.',
    'Two different people must decide this together.',
    'Nêu hai tên khác nhau: --by A --by B.',
    'Name two different people: --by A --by B.',
  ),
  'access.csrf': text(
    403,
    'Phiên làm việc không khớp.',
    'The session token does not match.',
    'Tải lại trang.',
    'Reload the page.',
  ),
  'access.origin': text(
    403,
    'Nguồn gọi không được phép.',
    'This origin is not allowed.',
    'Mở trang từ địa chỉ của máy chủ.',
    'Open the page from the hub’s own address.',
  ),
  'access.station_unknown': text(
    403,
    'Máy trạm này chưa được ghi danh.',
    'This station is not enrolled.',
    'Xin mã ghi danh từ quản trị hệ thống và mở lại địa chỉ kèm mã.',
    'Ask the operator for an enrolment code and open the address with it.',
  ),
  'access.last_admin': text(
    409,
    'Phải còn ít nhất một quản trị viên đang hoạt động (ngoài tài khoản demo).',
    'At least one active administrator must remain (demo accounts do not count).',
    'Tạo một quản trị viên khác rồi thử lại.',
    'Make another administrator, then try again.',
  ),
  // enrolment
  'enrol.code_unknown': text(
    403,
    'Mã ghi danh sai, đã dùng hoặc đã hết hạn.',
    'The enrolment code is wrong, used or expired.',
    'Xin mã mới (có hiệu lực 10 phút).',
    'Ask for a new code (valid for 10 minutes).',
  ),
  'device.unknown': text(
    403,
    'Thiết bị chưa được ghi danh tại máy chủ này.',
    'The device is not enrolled at this hub.',
    'Ghi danh lại bằng mã mới.',
    'Enrol it again with a new code.',
  ),
  'device.revoked': text(
    403,
    'Thiết bị đã bị thu hồi.',
    'The device was revoked.',
    'Liên hệ quản trị hệ thống.',
    'Ask the operator.',
  ),
  'device.line_taken': text(
    409,
    'Một máy khác vừa nối bằng danh tính của thiết bị này.',
    'Another machine has connected with this device’s identity.',
    'Nếu không ai vừa khởi động lại thiết bị thì có bản sao của nó: tìm và tắt bản sao, không xoá gì.',
    'If nobody has just restarted the device there is a copy of it: find it and switch it off, delete nothing.',
  ),
  'device.bad_signature': text(
    403,
    'Chữ ký của thiết bị không đúng.',
    'The device’s signature is wrong.',
    'Ghi danh lại thiết bị.',
    'Enrol the device again.',
  ),
  'edge.version': text(
    426,
    'Phiên bản giao thức không được hỗ trợ.',
    'This protocol version is not supported.',
    'Cập nhật thiết bị hoặc máy chủ.',
    'Update the device or the hub.',
  ),
  // events in quarantine
  'event.unreadable': text(
    422,
    'Không đọc được sự kiện; nội dung gốc đã được giữ.',
    'The event cannot be read; its bytes are kept.',
    'Xem trong khu cách ly.',
    'See it in quarantine.',
  ),
  'event.invalid': text(
    422,
    'Sự kiện sai mẫu; nội dung gốc đã được giữ.',
    'The event has a wrong form; its bytes are kept.',
    'Xem trong khu cách ly.',
    'See it in quarantine.',
  ),
  'event.future_version': text(
    422,
    'Sự kiện thuộc phiên bản mới hơn; sẽ được xét lại khi nâng cấp.',
    'The event is of a newer version; it is judged again after an upgrade.',
    'Nâng cấp máy chủ.',
    'Upgrade the hub.',
  ),
  'event.foreign_counter': text(
    422,
    'Thiết bị nói về một quầy mà nó chưa từng được ghi danh; nội dung gốc đã được giữ.',
    'The device speaks of a counter it was never enrolled at; its bytes are kept.',
    'Nếu thiết bị từng phục vụ quầy này, ghi danh nó tại đó: các sự kiện sẽ được xét lại ngay.',
    'If the device did serve there, enrol it at that counter: its events are judged again at once.',
  ),
  'event.wrong_writer': text(
    422,
    'Chuỗi sự kiện này không được ghi loại sự kiện đó; nội dung gốc đã được giữ.',
    'This chain may not state such a fact; its bytes are kept.',
    'Thiết bị chạy phần mềm lạ: thu hồi và ghi danh lại.',
    'The device runs a strange program: revoke it and enrol it again.',
  ),
  'event.chain_broken': text(
    409,
    'Chuỗi sự kiện bị đứt: không khớp mã băm.',
    'The chain is broken: hashes do not match.',
    'Báo quản trị hệ thống; dữ liệu trên thiết bị được giữ nguyên.',
    'Tell the operator; what the device holds stays.',
  ),
  // intents
  'intent.expired': text(
    410,
    'Yêu cầu đã hết hạn trước khi thiết bị nhận được.',
    'The request expired before the device received it.',
    'Gửi lại nếu còn cần.',
    'Send it again if still needed.',
  ),
  'intent.no_duty': text(
    409,
    'Chưa có ca làm việc tại quầy này.',
    'Nobody is on duty at this counter.',
    'Đăng nhập tại máy trạm của quầy trước.',
    'Log in at the counter’s station first.',
  ),
  'intent.other_officer': text(
    409,
    'Cán bộ nêu trong yêu cầu không phải người đang trực quầy.',
    'The officer named is not the one on duty.',
    'Cán bộ đó đăng nhập tại quầy rồi gửi lại.',
    'That officer logs in at the counter, then send again.',
  ),
  'intent.busy': text(
    409,
    'Quầy đang phục vụ lượt khác.',
    'The counter is serving another transaction.',
    'Kết thúc lượt đang phục vụ trước.',
    'Finish the current one first.',
  ),
  'intent.unknown_transaction': text(
    409,
    'Không có lượt phục vụ này tại quầy.',
    'The counter knows no such transaction.',
    'Kiểm tra mã lượt phục vụ.',
    'Check the transaction id.',
  ),
  'intent.open_fell': text(
    409,
    'Lượt phục vụ chưa được mở nên không thể kết thúc.',
    'Its opening was refused, so it cannot be finished.',
    'Mở lại lượt phục vụ.',
    'Open the transaction again.',
  ),
  'intent.already_finished': text(
    409,
    'Lượt phục vụ này đã kết thúc.',
    'This transaction is finished already.',
    'Không cần kết thúc lần nữa.',
    'There is no need to finish it again.',
  ),
  'intent.transaction_reused': text(
    409,
    'Mã lượt phục vụ này đã được dùng.',
    'This transaction id was used before.',
    'Mở lượt phục vụ mới với mã mới.',
    'Open a new transaction with a new id.',
  ),
  'intent.queue_full': text(
    429,
    'Quầy đang có quá nhiều yêu cầu chờ.',
    'Too many requests wait at this counter.',
    'Chờ lượt đánh giá hiện tại đóng rồi gửi lại.',
    'Wait until the current prompt has closed, then send again.',
  ),
  'intent.reused': text(
    409,
    'Mã yêu cầu đã dùng cho nội dung khác.',
    'The intent id was used for something else.',
    'Dùng mã yêu cầu mới.',
    'Mint a new intent id.',
  ),
  'intent.paused': text(
    409,
    'Ca làm việc tại quầy đang tạm nghỉ.',
    'The duty at this counter is paused.',
    'Cán bộ trở lại: mở khóa tại máy trạm hoặc nhập PIN trên thiết bị, rồi gửi lại.',
    'The officer comes back first: unlock the station or enter the PIN at the kiosk, then send again.',
  ),
  'instrument.unequal': text(
    409,
    'Ý kiến chọn sẵn của các mức dài ngắn khác nhau: người đứng cạnh có thể đoán được mức đã chọn.',
    'The chips of the levels differ in length, so that an onlooker could guess the level.',
    'Sửa lời ở ô được nêu: cùng một ô, lời của các mức lệch nhau không quá 4 ký tự, ở cả hai ngôn ngữ.',
    'Change the words named: at one place they may differ by at most 4 signs, in both languages.',
  ),
  'intent.reason_needed': text(
    400,
    'Cần lý do khi ghi không có mặt, thử hoặc sự cố.',
    'A no-show, a test or an accident needs a reason.',
    'Chọn một lý do trong danh sách rồi gửi lại.',
    'Choose a reason from the list, then send again.',
  ),
  'intent.unsupported': text(
    409,
    'Quầy này chưa thực hiện được yêu cầu đó.',
    'This counter cannot do what was asked.',
    'Cập nhật phần mềm của thiết bị, hoặc dùng cách khác (đăng xuất rồi đăng nhập lại).',
    'Update the kiosk’s program, or do it another way (log out and in again).',
  ),
  // directory, import
  'reference.unknown': text(
    404,
    'Mã tham chiếu không tồn tại.',
    'The reference does not exist.',
    'Chọn lại từ danh mục.',
    'Choose again from the list.',
  ),
  'hold.not_finished': text(
    409,
    'Lượt này chưa kết thúc.',
    'This transaction is not finished yet.',
    'Kết thúc lượt rồi đề nghị giữ hình ảnh.',
    'Finish it, then ask for its footage to be kept.',
  ),
  'hold.too_late': text(
    409,
    'Lượt này đã quá hạn đề nghị giữ hình ảnh.',
    'It is too late to ask for the footage of this transaction to be kept.',
    'Báo lãnh đạo: người được giao xác minh có thể bảo lưu dữ liệu theo phiếu.',
    'Tell the head: a verifier can hold it in a case.',
  ),
  'hold.no_camera': text(
    409,
    'Không có camera nào ghi quầy này vào lúc đó.',
    'No camera saw this counter at that time.',
    'Không cần làm gì: không có hình ảnh để giữ.',
    'Nothing to do: there is no footage to keep.',
  ),
  'import.rejected': text(
    422,
    'Tệp có dòng lỗi; chưa nhập dòng nào.',
    'The file has wrong rows; nothing was imported.',
    'Sửa các dòng được nêu rồi nhập lại.',
    'Correct the rows named and import again.',
  ),
  'photo.invalid': text(
    422,
    'Ảnh phải là JPEG, PNG hoặc WebP, không quá 2 MB.',
    'The photo must be JPEG, PNG or WebP of at most 2 MB.',
    'Chọn ảnh khác.',
    'Choose another photo.',
  ),
  'setup.done': text(
    409,
    'Đã có quản trị viên đầu tiên.',
    'The first administrator exists already.',
    'Đăng nhập bằng tài khoản đó.',
    'Log in with that account.',
  ),
  'camera.address': text(
    422,
    'Địa chỉ camera phải là http(s):// hoặc rtsp(s)://, không chứa mật khẩu.',
    'A camera address must be http(s):// or rtsp(s):// without a password.',
    'Nhập lại địa chỉ; tài khoản và mật khẩu có ô riêng.',
    'Enter it again; user and password have fields of their own.',
  ),
  // footage
  'footage.case_required': text(
    403,
    'Chỉ được xem hình trong một phiếu xác minh.',
    'Footage is opened only inside a case.',
    'Lập phiếu xác minh cho lượt phục vụ này trước.',
    'Open a case for this transaction first.',
  ),
  'footage.missing': text(
    404,
    'Không có đoạn hình cho lượt phục vụ này.',
    'There is no footage for this transaction.',
    'Xem lý do trong dòng thời gian.',
    'The timeline names the reason.',
  ),
  'footage.recorder_away': text(
    503,
    'Chưa kết nối được bộ ghi hình.',
    'The recorder is not connected.',
    'Thử lại sau ít giây; nếu kéo dài, báo quản trị hệ thống.',
    'Try again shortly; if it lasts, tell the operator.',
  ),
  // cameras and recording
  'camera.address_refused': text(
    422,
    'Địa chỉ camera không được phép: chỉ nhận rtsp(s) hoặc http(s) trong mạng camera.',
    'The camera address is not allowed: only rtsp(s) or http(s) inside the camera networks.',
    'Sửa địa chỉ, bỏ tên và mật khẩu khỏi địa chỉ, hoặc thêm mạng vào danh sách cho phép.',
    'Correct it, leave user and password out of it, or add the network to the allowed list.',
  ),
  'camera.unreachable': text(
    503,
    'Không kết nối được camera.',
    'The camera cannot be reached.',
    'Kiểm tra nguồn điện, dây mạng và địa chỉ của camera.',
    'Check the camera’s power, cable and address.',
  ),
  'camera.timeout': text(
    504,
    'Camera không trả lời trong thời gian cho phép.',
    'The camera did not answer in time.',
    'Thử lại; nếu vẫn vậy, khởi động lại camera.',
    'Try again; if it stays so, restart the camera.',
  ),
  'camera.auth_refused': text(
    422,
    'Camera từ chối tên đăng nhập hoặc mật khẩu.',
    'The camera refused the user name or password.',
    'Nhập lại tài khoản của camera (tài khoản ONVIF có thể khác tài khoản trang web).',
    'Enter the camera’s account again (its ONVIF account may differ from the web page’s).',
  ),
  'camera.stream_missing': text(
    422,
    'Camera không có luồng hình tại đường dẫn này.',
    'The camera has no stream at this path.',
    'Kiểm tra đường dẫn RTSP trong tài liệu của camera hoặc dùng địa chỉ ONVIF.',
    'Look up the RTSP path in the camera’s manual or use its ONVIF address.',
  ),
  'camera.wrong_codec': text(
    422,
    'Luồng hình không phải H.264 hoặc H.265.',
    'The stream is neither H.264 nor H.265.',
    'Đặt camera phát H.264, không dùng khung B, khoảng cách khung chính tối đa 2 giây.',
    'Set the camera to H.264 without B-frames, key frames at most 2 seconds apart.',
  ),
  'camera.bad_reply': text(
    502,
    'Camera trả lời sai chuẩn hoặc quá lớn.',
    'The camera’s reply is malformed or too large.',
    'Cập nhật phần mềm của camera hoặc nhập thẳng địa chỉ RTSP.',
    'Update the camera’s firmware or enter its RTSP address directly.',
  ),
  'camera.redirected': text(
    422,
    'Camera chuyển hướng sang nơi khác; không đi theo.',
    'The camera redirects elsewhere; this is not followed.',
    'Nhập thẳng địa chỉ đích nếu đó đúng là camera.',
    'Enter the target address itself if it is the camera.',
  ),
  'camera.hevc': text(
    200,
    'Camera phát H.265: ghi được nhưng trình duyệt có thể không phát được.',
    'The camera sends H.265: it is recorded, but browsers may not play it.',
    'Đặt camera phát H.264.',
    'Set the camera to H.264.',
  ),
  'camera.long_gop': text(
    200,
    'Khung hình chính cách nhau hơn 2 giây.',
    'Key frames are more than 2 seconds apart.',
    'Đặt khoảng cách khung chính (I-frame, GOP) tối đa 2 giây.',
    'Set the key frame (I-frame, GOP) interval to 2 seconds at most.',
  ),
  'camera.b_frames': text(
    200,
    'Luồng hình dùng khung B.',
    'The stream uses B-frames.',
    'Chọn cấu hình Baseline hoặc tắt khung B.',
    'Choose the Baseline profile or switch B-frames off.',
  ),
  'camera.clock_off': text(
    200,
    'Đồng hồ camera lệch hơn 2 giây.',
    'The camera’s clock is off by more than 2 seconds.',
    'Đặt camera lấy giờ từ NTP của máy chủ.',
    'Let the camera take its time by NTP.',
  ),
  'camera.host_replaced': text(
    200,
    'Camera khai một máy khác; hệ thống giữ địa chỉ đã cấu hình.',
    'The camera named another host; the configured one is kept.',
    'Kiểm tra cấu hình mạng (NAT) của camera.',
    'Check the camera’s network (NAT) settings.',
  ),
  'camera.silent': text(
    503,
    'Camera ngừng gửi hình.',
    'The camera stopped sending pictures.',
    'Hệ thống tự nối lại; nếu kéo dài, khởi động lại camera.',
    'It reconnects by itself; if it lasts, restart the camera.',
  ),
  'camera.clock_reset': text(
    503,
    'Đồng hồ luồng hình của camera bị nhảy; bắt đầu lượt ghi mới.',
    'The stream’s clock jumped; a new recording run begins.',
    'Nếu lặp lại, cập nhật phần mềm của camera.',
    'If it repeats, update the camera’s firmware.',
  ),
  'ffmpeg.missing': text(
    503,
    'Máy này chưa có ffmpeg nên không ghi hình được.',
    'This machine has no ffmpeg, so nothing can be recorded.',
    'Cài: sudo apt-get install ffmpeg, hoặc đặt HAILONG_FFMPEG trỏ tới tệp chạy.',
    'Install it: sudo apt-get install ffmpeg, or point HAILONG_FFMPEG at the binary.',
  ),
  'ffmpeg.failed': text(
    502,
    'ffmpeg kết thúc với lỗi.',
    'ffmpeg ended with an error.',
    'Xem nhật ký của bộ ghi hình.',
    'See the recorder’s log.',
  ),
  // kiosk
  'kiosk.cannot_store': text(
    507,
    'Chưa ghi nhận được.',
    'Not recorded.',
    'Mời báo bàn hướng dẫn.',
    'Please tell the help desk.',
  ),
  'kiosk.read_only': text(
    507,
    'Thiết bị không được ghi vào thư mục dữ liệu.',
    'The kiosk may not write to its data folder.',
    'Xem ổ đĩa có bị gắn chỉ đọc không và thư mục có thuộc người chạy thiết bị không, rồi khởi động lại.',
    'See whether the disk is mounted read-only and the folder belongs to the user of the kiosk, then start again.',
  ),
  'kiosk.loss_detected': text(
    500,
    'Máy này đã ghi một sự kiện mà nay không còn trong cơ sở dữ liệu.',
    'This machine wrote an event that its database no longer holds.',
    'Giữ nguyên ổ đĩa, đừng xoá gì; báo quản trị để đối chiếu với máy chủ và thay ổ đĩa.',
    'Keep the disk as it is and delete nothing; ask the operator to compare with the hub and to replace the disk.',
  ),
  'kiosk.high_water_damaged': text(
    500,
    'Tệp mức cao (high-water) thiếu hoặc hỏng; đã tạo lại.',
    'The high-water file is missing or damaged; it was made anew.',
    'Đánh giá vẫn được ghi. Nếu lặp lại, kiểm tra ổ đĩa.',
    'Ratings are recorded all the same. If it happens again, check the disk.',
  ),
  'kiosk.high_water_unwritable': text(
    500,
    'Không ghi được tệp mức cao (high-water).',
    'The high-water file cannot be written.',
    'Đánh giá vẫn được ghi; kiểm tra quyền của thư mục dữ liệu và ổ đĩa.',
    'Ratings are recorded all the same; check the data folder’s permissions and the disk.',
  ),
  'kiosk.state_damaged': text(
    500,
    'Trạng thái đã lưu của quầy không khớp mã kiểm tra; đã dựng lại từ chuỗi sự kiện.',
    'The stored state of the counter does not fit its checksum; it was made anew from the chain.',
    'Không đánh giá nào mất; cán bộ đăng nhập lại. Kiểm tra ổ đĩa.',
    'No rating is lost; the officer logs in again. Check the disk.',
  ),
  'kiosk.event_damaged': text(
    500,
    'Một sự kiện trong máy này không còn khớp mã băm.',
    'An event on this machine no longer fits its hash.',
    'Giữ nguyên dữ liệu; các sự kiện sau vẫn được gửi. Báo quản trị và kiểm tra ổ đĩa.',
    'Keep the data as it is; the events after it are sent all the same. Tell the operator and check the disk.',
  ),
  'kiosk.chain_forked': text(
    500,
    'Máy chủ giữ nội dung khác dưới cùng số sự kiện của máy này.',
    'The hub holds other content under this machine’s event numbers.',
    'Có thể có bản sao của máy này. Không xoá gì; báo quản trị để hai người quyết định.',
    'There may be a copy of this machine. Delete nothing; ask the operator, two people decide.',
  ),
  'kiosk.hub_ahead': text(
    500,
    'Máy chủ giữ nhiều sự kiện hơn máy này.',
    'The hub holds more events than this machine.',
    'Dữ liệu ở đây đã mất một phần hoặc được chép lại từ bản cũ; báo quản trị, kiểm tra ổ đĩa.',
    'Something was lost here or an old copy was put back; tell the operator and check the disk.',
  ),
  'kiosk.hub_stuck': text(
    503,
    'Máy chủ không nhận tiếp sự kiện của máy này.',
    'The hub takes no further events of this machine.',
    'Máy sẽ thử lại ở lần kết nối sau; nếu còn lặp lại, xem nhật ký của máy chủ.',
    'It is tried again with the next connection; if it stays, see the hub’s log.',
  ),
  'kiosk.checkpoint_refused': text(
    409,
    'Nhật ký của máy chủ không nối tiếp bản mà máy này đã xác nhận.',
    'The hub’s log does not follow the one this machine has accepted.',
    'Đánh giá vẫn được gửi. Báo người kiểm tra: so với bản in gần nhất và chạy hailong-hub verify.',
    'Ratings are sent all the same. Tell the auditor: compare with the last print and run hailong-hub verify.',
  ),
  'kiosk.ballast_used': text(
    507,
    'Ổ đĩa đầy: đang ghi vào phần dự trữ.',
    'The disk is full: recording into the reserve.',
    'Giải phóng chỗ ngay; khi hết dự trữ máy sẽ không nhận đánh giá nữa.',
    'Free some space now; when the reserve is used up, no rating is taken any more.',
  ),
  'kiosk.storage_filling': text(
    507,
    'Thư mục dữ liệu đã quá 70 % mức cho phép.',
    'The data folder is past 70 % of its budget.',
    'Kiểm tra máy chủ có sao lưu đều không (chỉ phần đã an toàn mới được xoá), hoặc tăng --budget-mb.',
    'Check that the hub is backed up regularly (only what is safe is deleted), or raise --budget-mb.',
  ),
  'kiosk.storage_nearly_full': text(
    507,
    'Thư mục dữ liệu đã quá 90 % mức cho phép.',
    'The data folder is past 90 % of its budget.',
    'Như trên; không đánh giá nào bị xoá vì đầy.',
    'As at 70 %; no rating is ever deleted to make room.',
  ),
  'kiosk.handed_over': text(
    409,
    'Quầy này đang do máy chủ ghi nhận.',
    'The hub keeps this counter at present.',
    'Chờ giao dịch đang dở xong; máy tự nhận lại quầy.',
    'Wait until the transaction in service is over; the kiosk takes the counter back by itself.',
  ),
  'device.suspended': text(
    409,
    'Thiết bị đang chờ hai người quyết định, chưa mở lượt mới.',
    'The device waits for a decision of two people and opens nothing new.',
    'Xem cảnh báo của thiết bị trên máy chủ.',
    'See the device’s alarm at the hub.',
  ),
  'device.superseded': text(
    409,
    'Quầy này đã có thiết bị mới hơn.',
    'A newer device is enrolled at this counter.',
    'Dùng thiết bị mới; thiết bị này chỉ gửi nốt dữ liệu.',
    'Use the newer device; this one only sends what it still holds.',
  ),
  'kiosk.no_config': text(
    409,
    'Thiết bị chưa nhận được cấu hình của quầy.',
    'The device has no configuration of its counter yet.',
    'Chờ thiết bị kết nối máy chủ rồi thử lại.',
    'Wait until the device has reached the hub, then try again.',
  ),
  'kiosk.not_counted': text(
    409,
    'Lần bấm này không được tính: câu hỏi đã đóng hoặc đã có câu trả lời.',
    'This press does not count: the question is closed or answered.',
    'Không cần làm gì.',
    'Nothing needs to be done.',
  ),
  'kiosk.level_unknown': text(
    400,
    'Mức đánh giá không có trong mẫu phiếu.',
    'The form has no such level.',
    'Tải lại màn hình.',
    'Reload the screen.',
  ),
  'kiosk.pin_wrong': text(
    401,
    'Mã cán bộ hoặc PIN không đúng.',
    'The staff code or PIN is wrong.',
    'Nhập lại; sau 5 lần sai phải chờ.',
    'Enter it again; after 5 wrong attempts you must wait.',
  ),
  'kiosk.pin_locked': text(
    429,
    'Nhập sai PIN quá nhiều lần: thiết bị tạm khóa việc nhập PIN.',
    'Too many wrong PINs: the kiosk takes none for a while.',
    'Chờ hết thời gian trên màn hình, hoặc đăng nhập tại máy trạm khi có máy chủ.',
    'Wait until the time on the screen is over, or log in at the station when the hub is there.',
  ),
  'kiosk.not_unlocked': text(
    403,
    'Phím của cán bộ trên thiết bị đang khóa.',
    'The officer’s keys on the kiosk are locked.',
    'Nhập PIN trên thiết bị rồi thử lại.',
    'Enter the PIN at the kiosk, then try again.',
  ),
  'kiosk.token': text(
    403,
    'Màn hình này không được phép nối với thiết bị.',
    'This screen may not connect to the device.',
    'Mở địa chỉ do thiết bị in ra.',
    'Open the address printed by the device.',
  ),
  'panel.unavailable': text(
    503,
    'Không nối được bộ nút đánh giá.',
    'The button panel cannot be reached.',
    'Kiểm tra dây và tên cổng; màn hình cảm ứng vẫn dùng được.',
    'Check cable and port name; touch still works.',
  ),
  'panel.incompatible': text(
    503,
    'Bộ nút dùng phiên bản giao thức khác.',
    'The panel speaks another protocol version.',
    'Cập nhật phần mềm của bộ nút.',
    'Update the panel’s firmware.',
  ),
  // backup and restore
  'backup.no_box': text(
    409,
    'Dữ liệu này chưa có hộp khóa khôi phục nên không sao lưu được khóa của máy chủ.',
    'This data has no recovery box, so the hub’s keys cannot be backed up.',
    'Thêm --recovery-key TỆP một lần (tệp chứa khóa khôi phục đã in), hoặc --without-keys để sao lưu không kèm khóa.',
    'Add --recovery-key FILE once (a file with the printed recovery key), or --without-keys for a backup without keys.',
  ),
  'backup.damaged': text(
    422,
    'Bản sao lưu bị hỏng, bị sửa hoặc không có chữ ký đúng.',
    'The backup is damaged, was changed or is not signed well.',
    'Dùng bản sao lưu khác; không khôi phục từ bản này.',
    'Use another backup; do not restore from this one.',
  ),
  'backup.source_damaged': text(
    500,
    'Bản sao lưu đã ghi nhưng dữ liệu gốc có chỗ hỏng.',
    'The backup was written, but the data itself is damaged.',
    'Chạy hailong-hub verify --data D để biết chỗ hỏng; giữ các bản sao lưu cũ và không xóa gì trên thiết bị.',
    'Run hailong-hub verify --data D to see where; keep the older backups and delete nothing on the kiosks.',
  ),
  'restore.not_empty': text(
    409,
    'Thư mục khôi phục phải chưa có hoặc trống.',
    'The folder to restore into must be absent or empty.',
    'Chọn thư mục mới bằng --data; không xóa dữ liệu cũ.',
    'Choose a new folder with --data; do not delete the old data.',
  ),
  'restore.two_people': text(
    422,
    'Khôi phục cần hai người khác nhau.',
    'A restore needs two different people.',
    'Thêm --by hai lần với tên của hai người.',
    'Give --by twice, with the names of two people.',
  ),
  'restore.wrong_key': text(
    403,
    'Khóa khôi phục không đúng với bản sao lưu này.',
    'The recovery key is not the one of this backup.',
    'Lấy đúng khóa khôi phục đã in khi cài đặt máy chủ này.',
    'Take the recovery key that was printed when this hub was set up.',
  ),
  'restore.no_keys': text(
    409,
    'Bản sao lưu này không kèm khóa của máy chủ.',
    'This backup holds no keys of the hub.',
    'Dùng bản sao lưu có kèm khóa (làm bằng backup không có --without-keys).',
    'Use a backup made with keys (backup without --without-keys).',
  ),
  'verify.found': text(
    422,
    'Kiểm tra đã thấy chỗ sai.',
    'The check has found something wrong.',
    'Giữ nguyên dữ liệu, xem chỗ đầu tiên được nêu, so với bản sao lưu và tệp chứng kiến.',
    'Leave the data as it is, look at the first place named, compare with backups and witness files.',
  ),
  'private.code_unknown': text(
    404,
    'Không tìm thấy mã đánh giá này.',
    'This rating code is not known.',
    'Xem lại mã trên phiếu; nếu thiết bị vừa mất mạng, thử lại sau ít phút.',
    'Check the code on the slip; if the kiosk was offline, try again in some minutes.',
  ),
  'private.ticket_invalid': text(
    400,
    'Mã QR này không hợp lệ.',
    'This QR code is not valid.',
    'Quét lại mã trên màn hình, hoặc nhập mã trên phiếu.',
    'Scan the code on the screen again, or type the code on the slip.',
  ),
  'private.chips_unknown': text(
    400,
    'Nội dung góp ý không thuộc mẫu phiếu này.',
    'The remarks are not of this form.',
    'Mở lại trang đánh giá rồi gửi lại.',
    'Open the rating page again and send once more.',
  ),
  'private.other_phone': text(
    409,
    'Phiếu này đã được mở trên một điện thoại khác.',
    'This slip was opened on another phone.',
    'Dùng điện thoại đã mở lần đầu.',
    'Use the phone that opened it first.',
  ),
  'mirror.foreign': text(
    409,
    'Thư mục bản thứ hai thuộc một máy chủ khác.',
    'The folder of the second medium is another hub’s.',
    'Đặt --mirror vào thư mục của máy chủ này; không xóa tệp kia.',
    'Give --mirror a folder of this hub; do not delete that file.',
  ),
  'hub.recovering': text(
    409,
    'Máy chủ đang chờ các thiết bị gửi lại dữ liệu sau khi phục hồi.',
    'The hub is waiting for kiosks to send again what it lost.',
    'Chờ đến khi đủ, hoặc hai người cùng cho phép bằng hailong-hub recovering override.',
    'Wait until all is there, or let two people allow it with hailong-hub recovering override.',
  ),
  // programs
  'program.usage': text(
    400,
    'Lệnh không đúng.',
    'The command is wrong.',
    'Thêm --help để xem cách dùng.',
    'Add --help to see the usage.',
  ),
  'program.data_locked': text(
    409,
    'Thư mục dữ liệu đang được chương trình khác dùng.',
    'The data folder is in use by another program.',
    'Dừng chương trình đó hoặc chọn thư mục khác bằng --data.',
    'Stop that program or choose another folder with --data.',
  ),
  'program.port_taken': text(
    409,
    'Cổng mạng đã có chương trình khác dùng.',
    'The port is taken.',
    'Chọn cổng khác bằng --port.',
    'Choose another with --port.',
  ),
  'program.disk_full': text(
    507,
    'Ổ đĩa đã đầy.',
    'The disk is full.',
    'Giải phóng dung lượng rồi chạy lại.',
    'Free some space and run it again.',
  ),
  'program.newer_data': text(
    409,
    'Dữ liệu do phiên bản mới hơn tạo ra.',
    'The data was written by a newer version.',
    'Chạy đúng phiên bản hoặc mới hơn.',
    'Run that version or a newer one.',
  ),
  'program.insecure_bind': text(
    400,
    'Ngoài máy này phải dùng TLS.',
    'Off loopback TLS is required.',
    'Thêm --tls-cert và --tls-key, hoặc --insecure nếu chấp nhận rủi ro.',
    'Add --tls-cert and --tls-key, or --insecure if you accept the risk.',
  ),
  'program.foreign_folder': text(
    500,
    'Thư mục tạm của cổng điều hành không phải của riêng người chạy chương trình.',
    'The temporary folder of the operator’s socket is not this user’s alone.',
    'Xóa thư mục được nêu (hoặc đặt dữ liệu ở đường dẫn ngắn hơn) rồi chạy lại.',
    'Remove the folder that is named (or put the data under a shorter path) and start again.',
  ),
  'program.unreachable': text(
    503,
    'Không kết nối được máy chủ.',
    'The hub cannot be reached.',
    'Kiểm tra địa chỉ và mạng.',
    'Check the address and the network.',
  ),
  'program.unsafe_storage': text(
    500,
    'Cơ sở dữ liệu không giữ được chế độ ghi bền vững.',
    'The database does not keep its durable mode.',
    'Không chạy; báo nhà phát triển.',
    'Do not run; tell the developers.',
  ),
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERRORS, value);
}

/** What leaves a program as JSON: the code and its sentences, and where in the input it was found. */
export interface Problem {
  readonly code: ErrorCode;
  readonly vi: string;
  readonly en: string;
  readonly remedy: { readonly vi: string; readonly en: string };
  readonly where?: readonly { readonly path: string; readonly message: string }[];
}

export function problem(code: ErrorCode, where?: Problem['where']): Problem {
  const { vi, en, remedy } = ERRORS[code];
  return where ? { code, vi, en, remedy, where } : { code, vi, en, remedy };
}

export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  constructor(code: ErrorCode, detail?: string) {
    super(detail ? `${code}: ${detail}` : `${code}: ${ERRORS[code].en}`);
    this.name = 'CodedError';
    this.code = code;
    this.detail = detail;
  }
}
